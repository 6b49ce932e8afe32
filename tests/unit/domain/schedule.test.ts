import {
	afterRun,
	dueSince,
	retryAt,
	skipReason,
	slotAfter,
	slotBefore,
	type Circumstances,
	type Rhythm,
	type TaskRecord,
	type TaskSettings
} from '$lib/domain/schedule';
import { describeRhythm } from '$lib/domain/schedule-words';
import { dayMs, hourMs, minuteMs } from '$lib/shared/time';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const before = process.env.TZ;
beforeAll(() => {
	process.env.TZ = 'Europe/Berlin';
});
afterAll(() => {
	process.env.TZ = before;
});

const daily: Rhythm = { every: 'day', hour: 2, minute: 0 };
const monday: Rhythm = { every: 'week', weekday: 1, hour: 9, minute: 0 };
const monthly: Rhythm = { every: 'month', day: 28, hour: 4, minute: 30 };

const at = (text: string): number => new Date(text).getTime();
const say = (timeMs: number): string => new Date(timeMs).toString().slice(0, 21);

const record = (change: Partial<TaskRecord> = {}): TaskRecord => ({
	sinceMs: at('2026-01-01T12:00'),
	lastOkMs: null,
	lastTryMs: null,
	lastResult: null,
	lastMessage: null,
	lastDurationMs: null,
	failures: 0,
	...change
});

test.each([
	[daily, '2026-05-12T01:59', 'Mon May 11 2026 02:00', 'Tue May 12 2026 02:00'],
	[daily, '2026-05-12T02:00', 'Tue May 12 2026 02:00', 'Wed May 13 2026 02:00'],
	[monday, '2026-05-11T08:59', 'Mon May 04 2026 09:00', 'Mon May 11 2026 09:00'],
	[monday, '2026-05-17T23:00', 'Mon May 11 2026 09:00', 'Mon May 18 2026 09:00'],
	[monthly, '2026-03-01T00:00', 'Sat Feb 28 2026 04:30', 'Sat Mar 28 2026 04:30'],
	[monthly, '2026-12-28T04:30', 'Mon Dec 28 2026 04:30', 'Thu Jan 28 2027 04:30']
])('the slots around %o at %s', (rhythm, now, last, next) => {
	expect(say(slotBefore(rhythm, at(now)))).toBe(last);
	expect(say(slotAfter(rhythm, at(now)))).toBe(next);
});

describe('summer time', () => {
	test('the night that has no two o’clock runs an hour later, once', () => {
		// 29 March 2026: 02:00 becomes 03:00.
		const slot = slotBefore(daily, at('2026-03-29T08:00'));
		expect(say(slot)).toBe('Sun Mar 29 2026 03:00');
		const ran = record({ lastOkMs: slot + minuteMs });
		expect(dueSince(daily, ran, at('2026-03-29T23:59'))).toBeNull();
		expect(say(slotAfter(daily, slot))).toBe('Mon Mar 30 2026 02:00');
	});

	test('the night that has two o’clock twice runs once', () => {
		// 25 October 2026: 03:00 becomes 02:00, so 02:00 comes twice.
		const first = slotBefore(daily, at('2026-10-25T12:00'));
		const ran = record({ lastOkMs: first + minuteMs });
		for (let hours = 1; hours < 22; hours += 1) {
			expect(dueSince(daily, ran, first + hours * hourMs)).toBeNull();
		}
		expect(say(slotAfter(daily, first))).toBe('Mon Oct 26 2026 02:00');
	});

	test('every day of a year has exactly one slot', () => {
		const slots = new Set<number>();
		for (let now = at('2026-01-01T12:00'); now < at('2027-01-01T12:00'); now += hourMs) {
			slots.add(slotBefore(daily, now));
		}
		expect(slots.size).toBe(366);
	});
});

test('what was never seen has missed nothing: the first run is the next slot', () => {
	const fresh = record({ sinceMs: at('2026-05-12T10:00') });
	expect(dueSince(daily, fresh, at('2026-05-12T23:00'))).toBeNull();
	expect(dueSince(daily, fresh, at('2026-05-13T02:00'))).toBe(at('2026-05-13T02:00'));
});

test('after months away a task is due once, not once for each missed day', () => {
	const stale = record({ lastOkMs: at('2026-01-10T02:00') });
	const now = at('2026-09-01T10:00');
	expect(dueSince(daily, stale, now)).toBe(at('2026-09-01T02:00'));
	const ran = afterRun(stale, { atMs: now, result: 'ok', message: '', durationMs: 5 });
	expect(dueSince(daily, ran, now + minuteMs)).toBeNull();
	expect(dueSince(daily, ran, at('2026-09-02T02:00'))).not.toBeNull();
});

test('a clock that was far ahead does not stop the tasks until that day comes', () => {
	const fromFuture = record({
		lastOkMs: at('2031-01-01T00:00'),
		lastTryMs: at('2031-01-01T00:00')
	});
	const now = at('2026-05-12T10:00');
	expect(dueSince(daily, fromFuture, now)).toBe(at('2026-05-12T02:00'));
	const ran = afterRun(fromFuture, { atMs: now, result: 'ok', message: '', durationMs: 5 });
	expect(dueSince(daily, ran, now)).toBeNull();
});

test('a clock set back by an hour, or forward by a year, runs nothing twice', () => {
	const ran = record({ lastOkMs: at('2026-05-12T02:05') });
	expect(dueSince(daily, ran, at('2026-05-12T01:05'))).toBeNull();
	const now = at('2027-05-12T10:00');
	const again = afterRun(ran, { atMs: now, result: 'ok', message: '', durationMs: 5 });
	expect(dueSince(daily, again, now + hourMs)).toBeNull();
});

test('a failed task stays due, and waits longer after each failure', () => {
	const now = at('2026-05-12T02:00');
	let failed = record();
	const waits: number[] = [];
	for (let i = 0; i < 4; i += 1) {
		failed = afterRun(failed, { atMs: now, result: 'failed', message: 'no room', durationMs: 5 });
		waits.push(((retryAt(failed, now) ?? 0) - now) / minuteMs);
	}
	expect(waits).toEqual([15, 60, 240, 240]);
	expect(failed.lastOkMs).toBeNull();
	expect(dueSince(daily, failed, now)).not.toBeNull();
	expect(retryAt(failed, now + 5 * hourMs)).toBeNull();
	// A try that a wrong clock dates years ahead holds nothing back.
	expect(retryAt({ ...failed, lastTryMs: now + 900 * dayMs }, now)).toBeNull();
	const fine = afterRun(failed, { atMs: now, result: 'nothing-to-do', message: '', durationMs: 1 });
	expect(fine.failures).toBe(0);
	expect(dueSince(daily, fine, now)).toBeNull();
});

const settings: TaskSettings = {
	enabled: true,
	rhythm: daily,
	onlyIdle: true,
	onlyOnPower: true
};
const quiet: Circumstances = { notebookOpen: true, idle: true, onPower: true };

test.each([
	['may run', {}, {}, null],
	['is turned off', { enabled: false }, {}, 'off'],
	['has no notebook', {}, { notebookOpen: false }, 'not-open'],
	['waits for a pause', {}, { idle: false }, 'busy-user'],
	['does not mind typing', { onlyIdle: false }, { idle: false }, null],
	['waits for the charger', {}, { onPower: false }, 'on-battery'],
	['cannot know the charger', {}, { onPower: null }, null]
])('a due task %s', (_, change, around, reason) => {
	expect(skipReason({ ...settings, ...change }, record(), { ...quiet, ...around }, 0)).toBe(reason);
});

test('a rhythm is said in words', () => {
	expect(describeRhythm(daily)).toBe('daily at 02:00');
	expect(describeRhythm(monday)).toBe('Mondays at 09:00');
	expect(describeRhythm(monthly)).toBe('on day 28 of each month at 04:30');
});
