import type { DeviceDatabase } from '$lib/device/device-database';
import { createLogStore } from '$lib/device/log-store';
import { createMetricStore } from '$lib/device/metric-store';
import { expect, test } from 'vitest';

const clock = (): number => 1_000;

const createShelf = () => {
	const kept = new Map<string, string>();
	return {
		kept,
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => void kept.set(key, value),
		removeItem: (key: string) => void kept.delete(key)
	};
};

const noNetwork = async (): Promise<DeviceDatabase> => Promise.reject(new Error('no network'));
const never = async (): Promise<DeviceDatabase> => new Promise<DeviceDatabase>(() => undefined);

const crashed = { timeMs: 1, level: 'error', area: 'page', message: 'the crash' } as const;

test.each([
	['is still loading', never],
	['did not load', noNetwork]
])('the lines of a crash stay where they lie while the library %s', async (_, database) => {
	const shelf = createShelf();
	const before = createLogStore(never, clock, shelf);
	before.add(crashed);
	before.leave();
	const left = [...shelf.kept];
	expect(JSON.stringify(left)).toContain('the crash');
	createLogStore(database, clock, shelf)
		.recover()
		.catch(() => undefined);
	await Promise.resolve();
	expect([...shelf.kept]).toEqual(left);
});

test.each([
	['is still loading', never],
	['did not load', noNetwork]
])(
	'the figures of an earlier page stay where they lie while the library %s',
	async (_, database) => {
		const shelf = createShelf();
		const before = createMetricStore(never, clock, shelf);
		before.add('save', 5);
		before.leave();
		const left = [...shelf.kept];
		expect(left).toHaveLength(1);
		void createMetricStore(database, clock, shelf).recover();
		await Promise.resolve();
		expect([...shelf.kept]).toEqual(left);
	}
);

test('what is logged and measured while the library did not load waits for the next page', async () => {
	const shelf = createShelf();
	const logs = createLogStore(noNetwork, clock, shelf);
	logs.add(crashed);
	await logs.flush();
	logs.add({ ...crashed, timeMs: 2, message: 'and after it' });
	logs.leave();
	const metrics = createMetricStore(noNetwork, clock, shelf);
	metrics.add('save', 5);
	await metrics.flush();
	metrics.leave();
	const left = [...shelf.kept.values()].join();
	expect(left).toMatch(/the crash[^]*and after it[^]*save/);
});
