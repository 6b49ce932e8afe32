import { describeClearing, nextStorageAction, type StorageFacts } from '$lib/domain/storage-advice';
import { dayMs } from '$lib/shared/time';
import { expect, test } from 'vitest';

const nowMs = new Date(2026, 4, 12, 12).getTime();

const facts = (change: Partial<StorageFacts> = {}): StorageFacts => ({
	nowMs,
	persisted: true,
	freeBytes: 1e9,
	databaseBytes: 10e6,
	freeableBytes: 0,
	notes: 12,
	backups: 3,
	newestOutsideMs: nowMs - dayMs,
	...change
});

test.for([
	['nothing, when all is well', {}, 'none'],
	['space, before anything else', { freeBytes: 15e6, newestOutsideMs: null }, 'free-space'],
	['a copy outside, when none is known', { newestOutsideMs: null }, 'copy-outside'],
	['a copy outside, after a week', { newestOutsideMs: nowMs - 8 * dayMs }, 'copy-outside'],
	['no copy of an empty notebook', { newestOutsideMs: null, notes: 0 }, 'none'],
	['the promise of the browser', { persisted: false }, 'persist'],
	['no promise where the browser cannot give one', { persisted: null }, 'none'],
	['compacting, when a quarter is empty', { freeableBytes: 4e6 }, 'compact'],
	['no compacting for a little', { freeableBytes: 5e5, databaseBytes: 6e5 }, 'none'],
	['nothing on figures that are unknown', { freeBytes: null, databaseBytes: null }, 'none']
] as const)('the next best action is %s', ([, change, action]) => {
	expect(nextStorageAction(facts(change)).action).toBe(action);
});

test('what clearing the site would take is said with figures, and what is left outside', () => {
	const { lost, left } = describeClearing(facts());
	expect(lost.slice(0, 2)).toEqual([
		'12 notes, with tags, trash and vectors',
		'3 backups kept in this browser'
	]);
	expect(left).toContain('11 May');
	expect(describeClearing(facts({ newestOutsideMs: null })).left).toContain('gone for good');
	expect(describeClearing(facts({ notes: null })).lost[0]).toMatch(/^all notes/);
});
