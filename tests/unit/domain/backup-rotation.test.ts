import {
	chooseBackupName,
	compareByAge,
	isShrunken,
	newestVerified,
	type BackupKind,
	type BackupManifest
} from '$lib/domain/backup';
import {
	planRotation,
	requireKeep,
	toCapBytes,
	type RotationOptions
} from '$lib/domain/backup-rotation';
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

const rotate = (
	backups: readonly BackupManifest[],
	keep = 10,
	more: Partial<RotationOptions> = {}
) => planRotation(backups, { keep, ladder: false, capBytes: null, nowMs, ...more });

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

	it.each([0, -1, 101, 1_000, 2.5, Number.NaN])('cannot be asked to keep %d', (keep) => {
		expect(() => requireKeep(keep)).toThrow('from 1 to 100');
	});

	const anyBackup = fc.record({
		kind: fc.constantFrom<BackupKind>('manual', 'automatic', 'restore-point', 'quarantined'),
		pinned: fc.boolean(),
		verified: fc.boolean(),
		sizeBytes: fc.nat(50),
		sequence: fc.option(fc.nat(50), { nil: undefined }),
		createdAtMs: fc.integer({ min: nowMs - 400 * dayMs, max: nowMs + 90 * dayMs })
	});
	const anyCollection = fc
		.array(anyBackup, { maxLength: 40 })
		.map((list) => list.map((given, i) => backup(`b${i}`, given as Partial<BackupManifest>)));
	const anyRule = fc.record({
		keep: fc.integer({ min: -2, max: 15 }),
		ladder: fc.boolean(),
		capBytes: fc.option(fc.nat(600))
	});
	const always = (
		promise: (all: readonly BackupManifest[], rule: Omit<RotationOptions, 'nowMs'>) => void
	): void => fc.assert(fc.property(anyCollection, anyRule, promise), { seed: 7, numRuns: 1_000 });

	it('never takes the newest good one, a pinned one, a bad one or one in quarantine', () => {
		always((all, rule) => {
			const { deleted, kept, removals } = rotate(all, rule.keep, rule);
			expect([...deleted, ...kept].sort()).toEqual(all.map(({ name }) => name).sort());
			expect(removals.map(({ name }) => name)).toEqual(deleted);
			const gone = all.filter(({ name }) => deleted.includes(name));
			expect(gone.every((b) => b.verified && !b.pinned && b.kind !== 'quarantined')).toBe(true);
			expect(gone).not.toContain(newestVerified(all));
		});
	});

	it('takes nothing more when it is asked again', () => {
		always((all, rule) => {
			const { deleted } = rotate(all, rule.keep, rule);
			const rest = all.filter(({ name }) => !deleted.includes(name));
			expect(rotate(rest, rule.keep, rule).deleted).toEqual([]);
		});
	});

	it('keeps the newest of each pool and the three newest restore points, unless space is short', () => {
		always((all, rule) => {
			const { deleted } = rotate(all, rule.keep, { ...rule, capBytes: null });
			for (const [kind, count] of [
				['automatic', Math.max(1, rule.keep)],
				['manual', Math.max(1, rule.keep)],
				['restore-point', 3]
			] as const) {
				const counting = all.filter((b) => b.kind === kind && b.verified && !b.pinned);
				const newest = counting.toSorted(compareByAge).slice(0, count);
				expect(newest.filter(({ name }) => deleted.includes(name))).toEqual([]);
			}
		});
	});

	it('keeps all that it kept before when the ladder is turned on and the number is raised', () => {
		always((all, { keep }) => {
			const before = rotate(all, keep).kept;
			const after = rotate(all, keep + 3, { ladder: true }).kept;
			expect(before.filter((name) => !after.includes(name))).toEqual([]);
		});
	});

	it('gives up no more than space asks for', () => {
		always((all, rule) => {
			const { removals, kept } = rotate(all, rule.keep, rule);
			const sizeOf = (names: readonly string[]): number =>
				all.filter(({ name }) => names.includes(name)).reduce((sum, b) => sum + b.sizeBytes, 0);
			const forSpace = removals.filter(({ reason }) => reason === 'space').map(({ name }) => name);
			if (forSpace.length === 0) return;
			const gone = all.filter(({ name }) => forSpace.includes(name)).toSorted(compareByAge);
			const spared = gone[0]?.name ?? '';
			expect(sizeOf([...kept, spared])).toBeGreaterThan(rule.capBytes ?? Infinity);
		});
	});
});

describe('the cap on the space that backups take', () => {
	const big = (count: number): BackupManifest[] => series(count, { sizeBytes: 10 });

	it('is a fifth of what the browser gives, and none where it does not tell', () => {
		expect(toCapBytes(1_000)).toBe(200);
		expect(toCapBytes(null)).toBeNull();
		expect(rotate(big(10), 10, { capBytes: null }).deleted).toEqual([]);
	});

	it('takes the oldest first and says that space was the reason', () => {
		expect(rotate(big(5), 10, { capBytes: 30 }).removals).toEqual([
			{ name: 'automatic-2', reason: 'space' },
			{ name: 'automatic-1', reason: 'space' }
		]);
	});

	it('leaves the newest good one, pinned ones and the three newest restore points however full', () => {
		const points = series(4, { kind: 'restore-point', sizeBytes: 10, createdAtMs: nowMs });
		const pinned = backup('pinned', { pinned: true, sequence: 0, sizeBytes: 10 });
		const { kept } = rotate([...big(5), ...points, pinned], 10, { capBytes: 0 });
		expect(kept).toEqual([
			'automatic-5',
			'restore-point-2',
			'restore-point-3',
			'restore-point-4',
			'pinned'
		]);
	});
});

describe('the ladder', () => {
	/** One backup a day, the newest today, a Tuesday. */
	const daily = (days: number): BackupManifest[] =>
		Array.from({ length: days }, (_, ago) =>
			backup(`ago-${ago}`, { sequence: days - ago, createdAtMs: nowMs - ago * dayMs })
		);
	const keptDays = (all: readonly BackupManifest[], keep: number): number[] =>
		rotate(all, keep, { ladder: true }).kept.map((name) => Number(name.slice(4)));

	it('keeps one a day for a week, one a week for four and one a month for six', () => {
		// Sundays before Tuesday 12 May 2026 are 2, 9 and 16 days ago; ends of months 12, 42, 73, 101, 132.
		expect(keptDays(daily(300), 1)).toEqual([0, 1, 2, 3, 4, 5, 6, 9, 12, 16, 42, 73, 101, 132]);
	});

	it('only keeps more than the number says', () => {
		expect(keptDays(daily(12), 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
		expect(rotate(daily(12), 10).kept).toHaveLength(10);
	});

	it('takes the newest of a day with many', () => {
		const many = Array.from({ length: 24 }, (_, hour) =>
			backup(`ago-${hour}`, {
				sequence: 24 - hour,
				createdAtMs: nowMs + dayMs - 1 - hour * 3_600_000
			})
		);
		expect(keptDays(many, 1)).toEqual([0]);
	});

	it('loses nothing to a long absence or a clock that was wrong', () => {
		const before = keptDays(daily(300), 1);
		const late = rotate(daily(300), 1, { ladder: true, nowMs: nowMs + 900 * dayMs });
		expect(late.kept.map((name) => Number(name.slice(4)))).toEqual(before);
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
