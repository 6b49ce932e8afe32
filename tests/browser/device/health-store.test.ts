import { openDeviceDatabase } from '$lib/device/device-database';
import { createHealthStore } from '$lib/device/health-store';
import type { HealthRun } from '$lib/domain/health-history';
import { dayMs, hourMs } from '$lib/shared/time';
import { expect, onTestFinished, test } from 'vitest';

const noonMs = new Date(2026, 4, 12, 12).getTime();

const runAt = (timeMs: number, depth: HealthRun['depth'] = 'full'): HealthRun => ({
	...{ timeMs, depth, status: 'ok', checks: 3, warning: [], failing: [], durationMs: 9 }
});

const openStore = async (...daysBack: number[]) => {
	const database = openDeviceDatabase(`health-${crypto.randomUUID()}`);
	onTestFinished(async () => database.delete());
	const store = createHealthStore(database);
	for (const back of daysBack) await store.add(runAt(noonMs - back * dayMs));
	const kept = async () =>
		(await store.read(0)).map(({ timeMs }) => Math.round((noonMs - timeMs) / dayMs));
	return { store, kept };
};

test('what is older than the history goes', async () => {
	const { kept } = await openStore(120, 80, 40, 3, 0);
	expect(await kept()).toEqual([80, 40, 3, 0]);
});

test('a session with a clock years ahead takes no history away, and is forgotten with the next run', async () => {
	const { store, kept } = await openStore(40, 3, 1);
	const aheadMs = noonMs + 2_000 * dayMs;
	await store.add(runAt(aheadMs));
	await store.add(runAt(aheadMs + 2 * hourMs));
	expect(await kept()).toEqual([40, 3, 1, -2_000, -2_000]);
	expect(await store.newestMs()).toBe(aheadMs + 2 * hourMs);
	await store.add(runAt(noonMs));
	expect(await store.newestMs()).toBe(noonMs);
	expect(await kept()).toContain(40);
});
