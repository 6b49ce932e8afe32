import { checkOutsideCopy } from '$lib/domain/health-outside-copy';
import { copiesToRotate, judgeCare } from '$lib/domain/outside-care';
import { dayMs } from '$lib/shared/time';
import { describe, expect, it } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { aCopy } from '../../support/fake-copies';

const nowMs = Date.UTC(2026, 4, 20, 12);
const today = aBackup({ createdAtMs: nowMs - 1_000, contentHash: 'today' });
const fresh = aCopy({ backupAtMs: nowMs - dayMs, contentHash: 'yesterday' });
const old = aCopy({ id: 2, backupAtMs: nowMs - 9 * dayMs, leftAtMs: nowMs - 1_000 });

const care = (
	copies: Parameters<typeof judgeCare>[0]['copies'],
	backups: Parameters<typeof judgeCare>[0]['backups'] = [today]
) => judgeCare({ copies, backups, nowMs });
const counts = (judged: ReturnType<typeof care>) => judged.goals.map(({ have }) => have);

describe('3 copies, 2 places, 1 outside', () => {
	it('is met by the notebook, a verified backup here and one copy that left', () => {
		expect(counts(care([fresh]))).toEqual([3, 2, 1]);
		expect(care([fresh]).met).toBe(true);
		expect(care([fresh]).next).toContain('One place outside is enough');
	});

	it.each([
		['nothing left yet', [], [today], [2, 1, 0], /Download the newest backup, or choose a folder/],
		['there is no backup here', [], [], [1, 1, 0], /^Back up now/],
		[
			'the backup here did not pass its checks',
			[],
			[aBackup({ verified: false })],
			[1, 1, 0],
			/^Back up now/
		],
		[
			'the copy that left holds the notes of last week',
			[old],
			[today],
			[2, 1, 0],
			/holds the notes of 11 May.*9 days ago/
		],
		[
			'rotation took the copy away',
			[aCopy({ ...fresh, removedAtMs: nowMs })],
			[today],
			[2, 1, 0],
			/Download/
		],
		[
			'what left had not passed its checks',
			[aCopy({ ...fresh, verified: false })],
			[today],
			[2, 1, 0],
			/Download/
		],
		[
			'what left is the raw file of a broken notebook',
			[aCopy({ ...fresh, kind: 'raw-file' })],
			[today],
			[2, 1, 0],
			/Download/
		]
	])('is not met while %s', (_title, copies, backups, have, next) => {
		const judged = care(copies, backups);
		expect(counts(judged)).toEqual(have);
		expect(judged.met).toBe(false);
		expect(judged.next).toMatch(next);
	});

	it('counts two files in one place once, and two folders of one name twice', () => {
		expect(counts(care([fresh, { ...fresh, id: 2 }]))).toEqual([3, 2, 1]);
		const folder = { ...fresh, way: 'folder', place: 'Backups' } as const;
		const two = [
			{ ...folder, id: 2, folderId: 'a' },
			{ ...folder, id: 3, folderId: 'b' }
		];
		expect(counts(care([fresh, ...two]))).toEqual([5, 4, 3]);
	});

	it('a backup that nothing newer confirms for a week does not count, whenever it left', () => {
		const stale = aBackup({ createdAtMs: nowMs - 8 * dayMs, contentHash: 'then' });
		const left = aCopy({ backupAtMs: nowMs - 8 * dayMs, contentHash: 'then', leftAtMs: nowMs - 1 });
		const judged = care([{ ...left, seenAtMs: nowMs - 1 }], [stale]);
		expect(counts(judged)).toEqual([2, 1, 0]);
		expect(judged.next).toContain('Back up now');
	});

	it('an old copy counts while the notebook is as it was then', () => {
		expect(counts(care([{ ...old, contentHash: 'today' }]))).toEqual([3, 2, 1]);
	});
});

describe('health', () => {
	const check = (
		copies: Parameters<typeof judgeCare>[0]['copies'],
		age: { notes?: number | null; createdAtMs?: number | null } = {}
	) =>
		checkOutsideCopy(
			{ ok: true, value: { copies, backups: [today] }, durationMs: 1 },
			{ nowMs, notes: 5, createdAtMs: nowMs - 30 * dayMs, ...age }
		);

	it.each([
		['a copy of yesterday', check([fresh]), 'ok', 'yesterday, 3 notes'],
		['a copy of nine days ago', check([old]), 'warning', '9 days ago, 3 notes'],
		['no copy at all', check([]), 'warning', 'none'],
		['no copy of a notebook without notes', check([], { notes: 0 }), 'ok', 'none yet'],
		[
			'no copy of a notebook of six days',
			check([], { createdAtMs: nowMs - 6 * dayMs }),
			'ok',
			'none yet'
		],
		[
			'no copy of a notebook of seven days',
			check([], { createdAtMs: nowMs - 7 * dayMs }),
			'warning',
			'none'
		],
		[
			'no copy of a notebook that does not open',
			check([], { notes: null, createdAtMs: null }),
			'warning',
			'none'
		],
		[
			'a date that lies ahead',
			check([aCopy({ backupAtMs: nowMs + 3 * dayMs })]),
			'warning',
			/3 days/
		]
	])('%s', (_title, { id, status, value, fix }, wanted, words) => {
		expect(id).toBe('outside-copy');
		expect(status).toBe(wanted);
		expect(value).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
		expect(fix).toBe(wanted === 'ok' ? null : 'copy-outside');
	});

	it('a ledger that cannot be read is not called fine', () => {
		const reading = { ok: false, code: 'unknown', reason: 'no store', durationMs: 1 } as const;
		const { status } = checkOutsideCopy(reading, { nowMs, notes: 5, createdAtMs: 0 });
		expect(status).toBe('warning');
	});
});

describe('rotation inside the folder', () => {
	const inFolder = (id: number, change: Partial<ReturnType<typeof aCopy>> = {}) =>
		aCopy({
			...{ id, name: `b${id}`, way: 'folder', folderId: 'a', kind: 'automatic' },
			backupAtMs: id,
			...change
		});
	const out = (
		copies: readonly ReturnType<typeof aCopy>[],
		keep: number,
		here: Partial<Parameters<typeof copiesToRotate>[2]> = {}
	) =>
		copiesToRotate(copies, 'a', { keep, frozen: false, backups: [], ...here }).map(
			({ name }) => name
		);
	const five = [1, 2, 3, 4, 5].map((id) => inFolder(id));

	it('lets the oldest automatic copies go and nothing else', () => {
		expect(out(five, 3)).toEqual(['b2', 'b1']);
		const pinned = [aBackup({ name: 'b1', pinned: true })];
		expect(out(five, 3, { backups: pinned })).toEqual(['b2']);
		expect(out(five, 0)).toEqual(['b4', 'b3', 'b2', 'b1']);
		const others = [
			inFolder(0, { kind: 'manual' }),
			inFolder(0, { folderId: 'b' }),
			inFolder(0, { removedAtMs: 9 }),
			inFolder(0, { way: 'download' })
		];
		expect(out([...others, inFolder(6)], 1)).toEqual([]);
	});

	it('leaves there what is still kept here, and everything while a question is open', () => {
		const backups = [aBackup({ name: 'b5' }), aBackup({ name: 'b2' })];
		expect(out(five, 2, { backups })).toEqual(['b3', 'b1']);
		expect(out(five, 2, { frozen: true })).toEqual([]);
	});
});
