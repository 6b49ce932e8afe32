import * as v from 'valibot';
import { backup, count, iso, orUnknown } from './fields';

/** What the commands of what leaves this browser answer. */
export const outsideContracts = {
	copy_backup: backup,
	outside_copies: v.object({
		met: v.boolean(),
		goals: v.array(v.object({ id: v.string(), have: count, want: count })),
		next: orUnknown(v.string()),
		folder: v.object({ name: orUnknown(v.string()), permission: orUnknown(v.string()) }),
		copies: v.array(
			v.object({ name: v.string(), leftAt: iso, sha256: v.string(), verified: v.boolean() })
		)
	}),
	recovery_kit: v.object({
		fileName: v.pipe(v.string(), v.endsWith('.zip')),
		backup: v.string(),
		notes: count,
		bytes: count,
		encrypted: v.boolean(),
		markdown: count
	}),
	export_pgvector: v.object({ fileName: v.string(), notes: count, vectors: count, bytes: count }),
	export_qdrant: v.object({ fileName: v.string(), notes: count, vectors: count, bytes: count })
} as const satisfies Readonly<Record<string, v.GenericSchema>>;
