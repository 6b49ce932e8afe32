import { openDeviceDatabase, type DeviceDatabase } from '$lib/device/device-database';
import { createMetricStore, type MetricStore } from '$lib/device/metric-store';
import { countOf } from '$lib/domain/latency-histogram';
import { createLatencyRecorder } from '$lib/services/latency-recorder';
import { dayMs, hourMs } from '$lib/shared/time';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeClock, type FakeClock } from '../../support/fake-clock';

const noonMs = new Date(2026, 4, 12, 12).getTime();
let clock: FakeClock;
let database: DeviceDatabase;
let store: MetricStore;

beforeEach(() => {
	clock = createFakeClock(noonMs);
	database = openDeviceDatabase(`metrics-${crypto.randomUUID()}`);
	store = createMetricStore(async () => database, clock.now);
});
afterEach(async () => {
	await database.delete();
});

test('what was measured is there after the tab was closed, and two tabs add up', async () => {
	const other = createMetricStore(async () => database, clock.now);
	for (const tookMs of [5, 6, 7]) store.add('save', tookMs);
	other.add('save', 5);
	await Promise.all([store.flush(), other.flush()]);
	await store.keep({ notes: 3 });
	await store.keep({ notes: 4 });
	const [sample, ...more] = await createMetricStore(async () => database, clock.now).read(0);
	expect(more).toEqual([]);
	expect(countOf(sample?.latencies.save ?? {})).toBe(4);
	expect(sample?.gauges).toEqual({ notes: 4 });
});

test('what the last seconds before closing measured is taken in by the next page', async () => {
	const shelf = new Map<string, string>();
	const storage = {
		getItem: (key: string) => shelf.get(key) ?? null,
		setItem: (key: string, value: string) => void shelf.set(key, value),
		removeItem: (key: string) => void shelf.delete(key)
	};
	const first = createMetricStore(async () => database, clock.now, storage);
	first.add('save', 5);
	first.leave();
	const second = createMetricStore(async () => database, clock.now, storage);
	second.add('save', 5);
	second.leave();
	const third = createMetricStore(async () => database, clock.now, storage);
	await third.recover();
	await third.recover();
	const [sample] = await third.read(0);
	expect(countOf(sample?.latencies.save ?? {})).toBe(2);
});

test('a month of hours is kept as days, with nothing counted lost', async () => {
	for (let back = 40 * 24; back >= 0; back -= 1) {
		clock.set(noonMs - back * hourMs);
		store.add('hybrid', 20);
		await store.flush();
	}
	store.mark('restore');
	await store.tidy();
	const samples = await store.read(0);
	expect(samples.length).toBeLessThan(31 + 3 * 24);
	const times = samples.map(({ fromMs }) => fromMs);
	expect(times).toEqual(times.toSorted((a, b) => a - b));
	expect(times[0]).toBeGreaterThan(noonMs - 32 * dayMs);
	const counted = samples.reduce((sum, { latencies }) => sum + countOf(latencies.hybrid ?? {}), 0);
	const kept = Math.floor((noonMs - (times[0] ?? 0)) / hourMs) + 1;
	expect(counted).toBe(kept);
	expect(samples.at(-1)?.marks).toEqual([{ timeMs: noonMs, what: 'restore' }]);
});

test('an action goes on when nothing can be measured or written', async () => {
	database.close({ disableAutoOpen: true });
	const recorder = createLatencyRecorder({
		keep: (action, tookMs) => {
			store.add(action, tookMs);
			throw new Error('broken store');
		}
	});
	expect(await recorder.timed('save', () => Promise.resolve('saved'))).toBe('saved');
	await store.flush();
	await store.keep({ notes: 1 });
	expect(recorder.summary('save').count).toBe(1);
	store.add('save', Number.NaN);
	await expect(
		recorder.timed('save', () => Promise.reject(new Error('disk full')))
	).rejects.toThrow('disk full');
	expect(recorder.summary('save').count).toBe(1);
});
