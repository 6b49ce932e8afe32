import { lazyService } from '$lib/bootstrap/lazy-service';
import { expect, test } from 'vitest';

interface Adder {
	add(a: number, b: number): Promise<number>;
}

const adder: Adder = { add: async (a, b) => Promise.resolve(a + b) };

test('the code of a service comes with its first call, and once', async () => {
	let loads = 0;
	const service = lazyService<Adder>(async () => {
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
	const service = lazyService<Adder>(async () => answers.shift()?.() ?? adder);
	await expect(service.add(1, 2)).rejects.toThrow('no network');
	expect(await service.add(1, 2)).toBe(3);
});
