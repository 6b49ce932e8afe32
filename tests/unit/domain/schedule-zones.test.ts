import { afterRun, dueSince, type Rhythm, type TaskRecord } from '$lib/domain/schedule';
import { toLocalDayStamp } from '$lib/shared/local-day';
import { dayMs, hourMs, minuteMs } from '$lib/shared/time';
import { afterEach, describe, expect, test } from 'vitest';

const before = process.env.TZ;
afterEach(() => {
	if (before === undefined) delete process.env.TZ;
	else process.env.TZ = before;
});

/** Each with a year in which its clocks change: by an hour, at midnight, by half an hour, by a whole day, never. */
const zones = [
	['Europe/Berlin', 2026],
	['America/Sao_Paulo', 2018],
	['Australia/Lord_Howe', 2026],
	['Pacific/Apia', 2011],
	['Asia/Kolkata', 2026]
] as const;

const rhythms: readonly Rhythm[] = [
	{ every: 'day', hour: 0, minute: 0 },
	{ every: 'day', hour: 1, minute: 45 },
	{ every: 'day', hour: 2, minute: 0 },
	{ every: 'day', hour: 2, minute: 30 },
	{ every: 'week', weekday: 1, hour: 9, minute: 0 },
	{ every: 'week', weekday: 0, hour: 2, minute: 15 },
	{ every: 'month', day: 31, hour: 4, minute: 30 }
];

const fresh = (sinceMs: number): TaskRecord => ({
	sinceMs,
	lastOkMs: null,
	lastTryMs: null,
	lastResult: null,
	lastMessage: null,
	lastDurationMs: null,
	failures: 0
});

const ok = (record: TaskRecord, atMs: number): TaskRecord =>
	afterRun(record, { atMs, result: 'ok', message: '', durationMs: 1 });

/** The app is open all the time and looks every quarter of an hour: the times at which the task ran. */
const runsFrom = (rhythm: Rhythm, fromMs: number, toMs: number): number[] => {
	const runs: number[] = [];
	let record = fresh(fromMs);
	for (let nowMs = fromMs; nowMs < toMs; nowMs += 15 * minuteMs) {
		if (dueSince(rhythm, record, nowMs) === null) continue;
		runs.push(nowMs);
		record = ok(record, nowMs);
	}
	return runs;
};

/** The days of that year's calendar on which it should run; Samoa had no 30 December 2011. */
const wantedDays = (rhythm: Rhythm, year: number): string[] => {
	const days: string[] = [];
	for (let day = 1; day <= 365; day += 1) {
		const date = new Date(year, 0, day, 12);
		const isLast = new Date(year, date.getMonth(), date.getDate() + 1).getDate() === 1;
		const isWanted =
			rhythm.every === 'day' ||
			(rhythm.every === 'week' ? date.getDay() === rhythm.weekday : isLast);
		if (isWanted) days.push(toLocalDayStamp(date.getTime()));
	}
	return [...new Set(days)];
};

describe.each(zones)('in %s in %i', (zone, year) => {
	test.each(rhythms)('%o runs once on each of its days, soon after its time', (rhythm) => {
		process.env.TZ = zone;
		const from = new Date(year, 0, 1).getTime() - minuteMs;
		const runs = runsFrom(rhythm, from, new Date(year + 1, 0, 1).getTime());
		expect(runs.map((timeMs) => toLocalDayStamp(timeMs))).toEqual(wantedDays(rhythm, year));
		for (const timeMs of runs) {
			const date = new Date(timeMs);
			const late = date.getHours() * 60 + date.getMinutes() - rhythm.hour * 60 - rhythm.minute;
			expect(late).toBeGreaterThanOrEqual(0);
			// A time that a change of the clock skips comes up to an hour later.
			expect(late).toBeLessThanOrEqual(75);
		}
	});
});

test('who travels round the world gets a daily task on each day, and no slot twice', () => {
	const rhythm: Rhythm = { every: 'day', hour: 2, minute: 0 };
	const stops = [
		'Europe/Berlin',
		'Asia/Tokyo',
		'America/Los_Angeles',
		'Pacific/Apia',
		'Europe/Berlin'
	];
	let record = fresh(Date.UTC(2026, 8, 1));
	const runs: number[] = [];
	for (let hour = 0; hour < 20 * 24; hour += 1) {
		process.env.TZ = stops[Math.floor(hour / (4 * 24))];
		const nowMs = Date.UTC(2026, 8, 1) + hour * hourMs;
		if (dueSince(rhythm, record, nowMs) === null) continue;
		expect(new Date(nowMs).getHours()).toBeGreaterThanOrEqual(2);
		runs.push(nowMs);
		record = ok(record, nowMs);
	}
	const gaps = runs.slice(1).map((timeMs, i) => timeMs - (runs[i] ?? 0));
	expect(Math.max(...gaps)).toBeLessThan(2 * dayMs);
	// Four arrivals: each may bring one day more or less of the calendar.
	expect(runs.length).toBeGreaterThanOrEqual(19);
	expect(runs.length).toBeLessThanOrEqual(22);
});

test('a task first seen while the clock was years ahead does not wait for those years', () => {
	const nowMs = new Date(2026, 4, 12, 10).getTime();
	const ahead = fresh(new Date(2036, 4, 12).getTime());
	const rhythm: Rhythm = { every: 'day', hour: 2, minute: 0 };
	expect(dueSince(rhythm, ahead, nowMs)).toBe(new Date(2026, 4, 12, 2).getTime());
	expect(dueSince(rhythm, ok(ahead, nowMs), nowMs)).toBeNull();
});
