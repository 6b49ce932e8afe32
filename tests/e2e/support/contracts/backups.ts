import * as v from 'valibot';
import { backup, count, iso, ms, orUnknown, reference } from './fields';

const removal = v.object({ name: v.string(), reason: v.picklist(['number', 'space']) });

const encryption = v.object({
	mode: v.picklist(['off', 'passphrase', 'recovery-key', 'unknown']),
	canBackUp: v.boolean(),
	keyCreatedAt: orUnknown(iso),
	locked: v.array(v.string()),
	outstanding: v.array(v.string())
});

/** What the commands of backups, restore, encryption and salvage answer. */
export const backupContracts = {
	backup_database: backup,
	list_backups: v.object({ keep: count, frozen: v.boolean(), backups: v.array(backup) }),
	verify_backup: v.object({
		name: v.string(),
		verified: v.boolean(),
		findings: v.array(v.string())
	}),
	compare_backup: v.object({
		name: v.string(),
		added: v.array(reference),
		changed: v.array(reference),
		deleted: v.array(reference)
	}),
	test_restore: v.object({
		name: v.string(),
		passed: v.boolean(),
		durationMs: ms,
		checks: v.array(v.object({ id: v.string(), passed: v.boolean(), message: v.string() }))
	}),
	restore_database: v.object({ restored: backup, restorePoint: v.string(), durationMs: ms }),
	restore_note: v.object({ id: v.string() }),
	rotate_backups: v.object({
		deleted: v.array(v.string()),
		kept: v.array(v.string()),
		removals: v.array(removal),
		frozen: v.boolean()
	}),
	delete_backup: backup,
	pin_backup: backup,
	download_backup: backup,
	label_backup: backup,
	backup_rotation: v.object({
		keep: count,
		ladder: v.boolean(),
		capBytes: orUnknown(count),
		last: orUnknown(v.object({ at: iso, removals: v.array(removal) }))
	}),
	rotate_passphrase: v.object({ reencrypted: count, durationMs: ms }),
	backup_encryption: encryption,
	unlock_backups: encryption,
	salvage: v.object({
		sound: count,
		whole: v.array(reference),
		damaged: v.array(reference),
		stray: v.array(reference),
		lost: v.array(v.object({ seq: count, id: orUnknown(v.string()) })),
		tables: v.array(
			v.object({
				table: v.string(),
				saved: count,
				lost: orUnknown(count),
				unread: v.array(v.object({ from: count, to: count }))
			})
		),
		remarks: v.array(v.string()),
		backup,
		durationMs: ms
	}),
	join_backups: v.object({
		added: count,
		replaced: count,
		keptOlder: v.array(reference),
		onlyInBase: v.array(reference),
		backup
	})
} as const satisfies Readonly<Record<string, v.GenericSchema>>;
