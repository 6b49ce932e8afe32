import { taskPlans } from '$lib/domain/schedule-tasks';
import { dayMs, hourMs } from '$lib/shared/time';
import { beforeEach, expect, test } from 'vitest';
import { createScheduleBench, type ScheduleBench } from '../../support/schedule-bench';

const order = taskPlans.map(({ id }) => id);
const noon = new Date(2026, 4, 12, 12).getTime();

let bench: ScheduleBench;
beforeEach(() => {
	bench = createScheduleBench(noon);
});

/** What ran at this moment, in a tab that was just opened; a second look finds nothing more. */
const openedAt = async (timeMs: number): Promise<readonly string[]> => {
	bench.clock.set(timeMs);
	bench.ran.length = 0;
	const tab = bench.startTab();
	await tab.tick();
	const ran = [...bench.ran];
	await tab.tick();
	expect(bench.ran).toEqual(ran);
	return ran;
};

test('the order of what is caught up is backup, check, vectors', () => {
	const places = (['backup', 'check', 'embed'] as const).map((id) => order.indexOf(id));
	expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('after four months away each task runs exactly once, and then at its time again', async () => {
	expect(await openedAt(noon)).toEqual([]);
	const back = new Date(2026, 8, 12, 12).getTime();
	expect(await openedAt(back)).toEqual(order);
	expect(await openedAt(back + 8 * hourMs)).toEqual([]);
	const nextDay = await openedAt(back + dayMs);
	expect(nextDay).toEqual(['backup', 'check', 'drill', 'embed', 'rotate-logs']); // 13 September is a Sunday
});

test('a clock set forward ten years and back again runs each task once at each jump', async () => {
	await openedAt(noon);
	await openedAt(noon + 40 * dayMs);
	expect(await openedAt(new Date(2036, 5, 21, 12).getTime())).toEqual(order);
	const right = noon + 40 * dayMs + hourMs;
	expect(await openedAt(right)).toEqual(order);
	expect(await openedAt(right + hourMs)).toEqual([]);
	const nextDay = await openedAt(right + dayMs);
	expect(nextDay.slice(0, 2)).toEqual(['backup', 'check']);
	expect(new Set(nextDay).size).toBe(nextDay.length);
});

test('a clock set back a year runs each task once, and once again when it is put right', async () => {
	await openedAt(noon);
	await openedAt(noon + 40 * dayMs);
	expect(await openedAt(noon - 325 * dayMs)).toEqual(order);
	expect(await openedAt(noon - 325 * dayMs + hourMs)).toEqual([]);
	expect(await openedAt(noon + 40 * dayMs + 2 * hourMs)).toEqual(order);
});

test('a first visit with a clock years ahead does not keep the backups away for years', async () => {
	expect(await openedAt(new Date(2036, 4, 12, 12).getTime())).toEqual([]);
	expect(await openedAt(noon)).toEqual(order);
});

test('another time for a task neither repeats today’s run nor loses what is owed', async () => {
	const tab = bench.startTab();
	await openedAt(noon);
	const nextNoon = noon + dayMs;
	expect(await openedAt(nextNoon)).toContain('backup');
	await tab.change('backup', { rhythm: { every: 'day', hour: 23, minute: 0 } });
	expect(await openedAt(nextNoon + hourMs)).toEqual([]);
	expect(await openedAt(nextNoon + 11 * hourMs)).toEqual(['backup']);

	bench.clock.set(nextNoon + 2 * dayMs);
	await tab.change('backup', { rhythm: { every: 'day', hour: 14, minute: 0 } });
	expect(await openedAt(nextNoon + 2 * dayMs)).toContain('backup');
	expect(await openedAt(nextNoon + 2 * dayMs + 2 * hourMs)).toEqual(['backup']);
});
