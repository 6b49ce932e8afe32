import { describeClearing, nextStorageAction, type StorageFacts } from '$lib/domain/storage-advice';
import { judgeCare } from '$lib/domain/outside-care';
import { dayMs } from '$lib/shared/time';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { aCopy } from '../../support/fake-copies';

const nowMs = new Date(2026, 4, 12, 12).getTime();

const none = judgeCare({ copies: [], backups: [], nowMs });

const outsideSince = (atMs: number, here = 'changed since') =>
	judgeCare({
		copies: [aCopy({ backupAtMs: atMs, leftAtMs: atMs, contentHash: 'left' })],
		backups: [aBackup({ createdAtMs: nowMs, contentHash: here })],
		nowMs
	});

const facts = (change: Partial<StorageFacts> = {}): StorageFacts => ({
	nowMs,
	persisted: true,
	freeBytes: 1e9,
	databaseBytes: 10e6,
	freeableBytes: 0,
	notes: 12,
	backups: 3,
	outside: outsideSince(nowMs - dayMs),
	...change
});

test.for([
	['nothing, when all is well', {}, 'none'],
	['space, before anything else', { freeBytes: 15e6, outside: none }, 'free-space'],
	['a copy outside, when none is known', { outside: none }, 'copy-outside'],
	['a copy outside, after a week', { outside: outsideSince(nowMs - 8 * dayMs) }, 'copy-outside'],
	['no copy of an empty notebook', { outside: none, notes: 0 }, 'none'],
	[
		'no copy of notes that did not change',
		{ outside: outsideSince(nowMs - 8 * dayMs, 'left') },
		'none'
	],
	['no copy where the list of copies cannot be read', { outside: null }, 'none'],
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
	expect(describeClearing(facts({ outside: none })).left).toContain('gone for good');
	const unknown = describeClearing(facts({ outside: null })).left;
	expect(unknown).toContain('could not be read');
	expect(unknown).not.toContain('gone for good');
	expect(describeClearing(facts({ notes: null })).lost[0]).toMatch(/^all notes/);
});
