import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const reference = v.object({ id: v.string(), title: v.string() });

const simulatedRestore = v.object({
	outcome: v.picklist(['refused', 'accepted']),
	findings: v.array(v.string()),
	notes: v.nullable(count),
	vectors: v.nullable(count)
});

/** Commands that say what a backup, or a file from outside, is worth. */
export const proofContracts = {
	simulate_damage: v.object({
		name: v.string(),
		kind: v.picklist(['flip-letter', 'zero-page', 'truncate', 'drop-vectors', 'delete-notes']),
		seed: count,
		done: v.string(),
		touched: v.array(reference),
		checks: v.pipe(
			v.array(
				v.object({
					id: v.string(),
					title: v.string(),
					outcome: v.picklist(['found', 'passed', 'not-reached']),
					message: v.string()
				})
			),
			v.length(10)
		),
		finders: v.string(),
		repair: v.string(),
		fromList: simulatedRestore,
		asFile: simulatedRestore,
		salvage: v.nullable(v.object({ sound: count, lost: v.array(v.unknown()) })),
		salvageProblem: v.nullable(v.string()),
		join: v.nullable(
			v.object({
				base: v.string(),
				notes: count,
				added: count,
				replaced: count,
				keptOlder: v.array(reference),
				onlyInBase: v.array(reference)
			})
		),
		untouched: v.literal(true),
		sha256: v.pipe(v.string(), v.length(64)),
		durationMs: v.pipe(v.number(), v.minValue(0))
	}),
	check_file: v.object({
		place: v.picklist(['browser', 'folder', 'file']),
		says: v.pipe(v.string(), v.minLength(10)),
		kind: v.picklist(['intact', 'sound', 'changed', 'damaged', 'newer', 'not-a-backup']),
		name: v.string(),
		sizeBytes: count,
		sha256: v.nullable(v.pipe(v.string(), v.length(64))),
		notes: v.nullable(count),
		since: v.nullable(v.object({ added: count, changed: count, deleted: count })),
		behind: v.nullable(count),
		findings: v.array(v.string()),
		encrypted: v.boolean(),
		locked: v.boolean(),
		match: v.nullable(
			v.object({
				by: v.picklist(['bytes', 'inside', 'notes']),
				name: v.string(),
				backupAt: v.pipe(v.string(), v.isoTimestamp()),
				left: v.boolean(),
				kept: v.boolean()
			})
		)
	})
} as const;
