import { deferred, lazy } from '$lib/shared/deferred';
import { expect, test } from 'vitest';

interface Shop {
	buy(what: string, count: number): Promise<string>;
	close(): Promise<void>;
}

test('calls made before the thing is there wait for it, in their order', async () => {
	let arrive = (_: Shop): void => undefined;
	const arriving = new Promise<Shop>((resolve) => (arrive = resolve));
	const shop = deferred<Shop>(async () => arriving);
	const bought: string[] = [];
	const calls = [shop.buy('bread', 2), shop.buy('milk', 1), shop.close()];
	arrive({
		buy: (what, count) => {
			bought.push(what);
			return Promise.resolve(`${count} ${what}`);
		},
		close: () => Promise.reject(new Error('no keys'))
	});
	const results = await Promise.allSettled(calls);
	expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
	expect(await calls[0]).toBe('2 bread');
	expect(bought).toEqual(['bread', 'milk']);
});

test('what never arrives is a failure of each call, not of asking for it', async () => {
	const shop = deferred<Shop>(() => Promise.reject(new Error('burnt down')));
	await expect(shop.buy('bread', 1)).rejects.toThrow('burnt down');
	await expect(shop.close()).rejects.toThrow('burnt down');
});

interface Adder {
	add(a: number, b: number): Promise<number>;
}

const adder: Adder = { add: async (a, b) => Promise.resolve(a + b) };

test('the code of a service comes with its first call, and once', async () => {
	let loads = 0;
	const service = lazy<Adder>(async () => {
		loads += 1;
		return Promise.resolve(adder);
	});
	expect(await Promise.resolve(service)).toBe(service);
	expect(loads).toBe(0);
	expect(await Promise.all([service.add(1, 2), service.add(3, 4)])).toEqual([3, 7]);
	expect(loads).toBe(1);
});

test('a call after one that found no network tries again', async () => {
	const answers = [() => Promise.reject(new Error('no network')), () => Promise.resolve(adder)];
	const service = lazy<Adder>(async () => answers.shift()?.() ?? adder);
	await expect(service.add(1, 2)).rejects.toThrow('no network');
	expect(await service.add(1, 2)).toBe(3);
});
