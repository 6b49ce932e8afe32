import { closedBefore, surplusArchives, type LogArchive } from '$lib/domain/log-rotation';
import { parseTimeSpan } from '$lib/domain/time-span';
import { mebibyte } from '$lib/shared/bytes';
import { dayMs } from '$lib/shared/time';
import { expect, test } from 'vitest';

const noon = new Date(2026, 4, 12, 12).getTime();

const archive = (daysAgo: number, change: Partial<LogArchive> = {}): LogArchive => ({
	id: `${change.log ?? 'general'}-${daysAgo}`,
	log: 'general',
	day: String(daysAgo),
	fromMs: noon - daysAgo * dayMs,
	toMs: noon - daysAgo * dayMs,
	lines: 1,
	occurrences: 1,
	bytes: 1_000,
	rawBytes: 9_000,
	...change
});

test('yesterday and today stay open, by the clock of the user', () => {
	expect(closedBefore(noon)).toBe(new Date(2026, 4, 11).getTime());
	expect(closedBefore(new Date(2026, 2, 1, 0, 0, 1).getTime())).toBe(
		new Date(2026, 1, 28).getTime()
	);
});

test('the fourteen newest days with lines stay, however long ago they are', () => {
	const archives = Array.from({ length: 20 }, (_, i) => archive(100 + i));
	expect(surplusArchives(archives)).toEqual(archives.slice(14).map(({ id }) => id));
});

test('several files of one day count as one day', () => {
	const archives = Array.from({ length: 20 }, (_, i) => archive(i, { id: `${i}`, day: 'one' }));
	expect(surplusArchives(archives)).toEqual([]);
});

test('errors are kept ninety days', () => {
	const archives = Array.from({ length: 95 }, (_, i) => archive(i, { log: 'errors' }));
	expect(surplusArchives(archives)).toHaveLength(5);
});

test('too many bytes: the oldest go, even of days that would be kept', () => {
	const archives = [1, 2, 3].map((day) => archive(day, { bytes: 7 * mebibyte }));
	expect(surplusArchives(archives)).toEqual(['general-3']);
});

test.each([
	['30m', 30 * 60_000],
	['24h', dayMs],
	['7d', 7 * dayMs],
	['2w', 14 * dayMs],
	['seven days', null],
	['-1d', null],
	['', null]
])('a span of time is read: %s', (text, expected) => {
	expect(parseTimeSpan(text)).toBe(expected);
});
