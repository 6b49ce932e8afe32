import {
	chooseBackupName,
	compareByAge,
	isShrunken,
	newestVerified,
	type BackupKind,
	type BackupManifest
} from '$lib/domain/backup';
import { planRotation } from '$lib/domain/backup-rotation';
import { dayMs } from '$lib/shared/time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const nowMs = Date.UTC(2026, 4, 12);

const backup = (name: string, given: Partial<BackupManifest> = {}): BackupManifest => ({
	formatVersion: 1,
	name,
	createdAtMs: nowMs,
	kind: 'automatic',
	label: '',
	pinned: false,
	encrypted: false,
	sizeBytes: 1,
	sha256: 'x',
	counts: {},
	contentHash: '',
	notes: 10,
	embeddings: 0,
	schemaVersion: 1,
	appVersion: '',
	model: '',
	verified: true,
	verifiedAtMs: null,
	findings: [],
	durationMs: 0,
	...given
});

const series = (count: number, given: Partial<BackupManifest> = {}): BackupManifest[] =>
	Array.from({ length: count }, (_, i) =>
		backup(`${given.kind ?? 'automatic'}-${i + 1}`, { sequence: i + 1, ...given })
	);

const rotate = (backups: readonly BackupManifest[], keep = 10) =>
	planRotation(backups, { keep, nowMs });

describe('rotation of backups', () => {
	it('takes exactly the oldest automatic one after the eleventh', () => {
		expect(rotate(series(10)).deleted).toEqual([]);
		expect(rotate(series(11)).deleted).toEqual(['automatic-1']);
	});

	it('leaves pinned ones, quarantined ones and restore points out of the count', () => {
		const others = [
			...series(3, { kind: 'restore-point' }),
			backup('pinned', { pinned: true, sequence: 0 })
		];
		expect(rotate([...others, ...series(10)]).deleted).toEqual([]);
		expect(rotate([...others, ...series(11)]).deleted).toEqual(['automatic-1']);
	});

	it('keeps ten made by hand, whatever the schedule made', () => {
		const all = [...series(11, { kind: 'manual' }), ...series(10)];
		expect(rotate(all).deleted).toEqual(['manual-1']);
	});

	it('takes nothing while a shrunken snapshot waits for an answer', () => {
		const all = [...series(30), backup('small', { kind: 'quarantined' })];
		expect(rotate(all, 1)).toMatchObject({ frozen: true, deleted: [] });
	});

	it('neither counts nor takes a backup that was not verified', () => {
		const bad = series(5, { verified: false }).map((b) => ({ ...b, name: `bad-${b.name}` }));
		expect(rotate([...bad, ...series(10)]).deleted).toEqual([]);
	});

	it('keeps the state before a row of restores for thirty days', () => {
		const young = series(8, { kind: 'restore-point', createdAtMs: nowMs - 29 * dayMs });
		expect(rotate(young).deleted).toEqual([]);
		const old = series(5, { kind: 'restore-point', createdAtMs: nowMs - 31 * dayMs });
		expect(rotate(old).deleted).toEqual(['restore-point-2', 'restore-point-1']);
	});

	it('goes by the order of making when the clock was set back', () => {
		const all = series(11).map((b, i) => ({ ...b, createdAtMs: nowMs - i * dayMs }));
		expect(rotate(all).deleted).toEqual(['automatic-1']);
	});

	it('keeps at least one, also when asked for none', () => {
		expect(rotate(series(3), 0).kept).toEqual(['automatic-3']);
	});

	const anyBackup = fc.record({
		kind: fc.constantFrom<BackupKind>('manual', 'automatic', 'restore-point', 'quarantined'),
		pinned: fc.boolean(),
		verified: fc.boolean(),
		sequence: fc.option(fc.nat(50), { nil: undefined }),
		createdAtMs: fc.integer({ min: nowMs - 90 * dayMs, max: nowMs + 90 * dayMs })
	});
	const anyCollection = fc
		.array(anyBackup, { maxLength: 40 })
		.map((list) => list.map((given, i) => backup(`b${i}`, given as Partial<BackupManifest>)));

	it('never takes the newest good one, a pinned one, a bad one or one in quarantine', () => {
		fc.assert(
			fc.property(anyCollection, fc.integer({ min: -2, max: 15 }), (all, keep) => {
				const { deleted, kept } = rotate(all, keep);
				expect([...deleted, ...kept].sort()).toEqual(all.map(({ name }) => name).sort());
				const gone = all.filter(({ name }) => deleted.includes(name));
				expect(gone.every((b) => b.verified && !b.pinned && b.kind !== 'quarantined')).toBe(true);
				expect(gone).not.toContain(newestVerified(all));
			}),
			{ seed: 7, numRuns: 500 }
		);
	});

	it('takes nothing more when it is asked again', () => {
		fc.assert(
			fc.property(anyCollection, fc.integer({ min: 1, max: 15 }), (all, keep) => {
				const { deleted } = rotate(all, keep);
				const rest = all.filter(({ name }) => !deleted.includes(name));
				expect(rotate(rest, keep).deleted).toEqual([]);
			}),
			{ seed: 7, numRuns: 500 }
		);
	});
});

describe('the rules of a backup', () => {
	it('names two of the same second apart, in their order', () => {
		const taken = new Set<string>();
		const next = () => {
			const name = chooseBackupName('20260512T093000Z', (n) => taken.has(n));
			taken.add(name);
			return name;
		};
		expect([next(), next(), next()]).toEqual([
			'ai-notes-20260512T093000Z.sqlite3',
			'ai-notes-20260512T093000Z-2.sqlite3',
			'ai-notes-20260512T093000Z-3.sqlite3'
		]);
	});

	it('sorts newest first by the order of making, then by time', () => {
		const all = [backup('a', { sequence: 1 }), backup('b', { sequence: 3 }), backup('c')];
		expect(all.toSorted(compareByAge).map(({ name }) => name)).toEqual(['b', 'a', 'c']);
	});

	it.each([
		[10, 10, false],
		[5, 10, false],
		[4, 10, true],
		[0, 1, true],
		[0, 0, false]
	])('%i notes after %i: suspicious is %s', (notes, before, expected) => {
		expect(isShrunken(notes, backup('b', { notes: before }))).toBe(expected);
		expect(isShrunken(notes, null)).toBe(false);
	});
});
