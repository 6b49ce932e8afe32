import type { BackupComparison, NoteReference } from '$lib/domain/backup';
import { formatBytes } from '$lib/shared/bytes';
import { toIso } from '$lib/shared/time';
import { describeBackup, toBackupData } from './backup-data';
import type { Command } from './command';
import { copyCommands } from './copy-commands';
import { restoreCommands } from './restore-commands';
import { frozenWords, rotationCommands } from './rotation-commands';
import { salvageCommands } from './salvage-commands';
import { simulationCommands } from './simulation-commands';
import { formatDuration, table } from './text-table';

const backupDatabase: Command = {
	name: 'backup_database',
	usage: 'backup_database [--label TEXT] [--pin]',
	summary: 'Makes a backup and reads it back; only then it counts.',
	options: [
		{ name: '--label', kind: 'text' },
		{ name: '--pin', kind: 'flag' }
	],
	run: async (args, { backups }) => {
		const manifest = await backups.create({
			label: args.text('--label') ?? '',
			pinned: args.flag('--pin')
		});
		const took = formatDuration(manifest.durationMs);
		return {
			text: `Backed up in ${took}: ${describeBackup(manifest)}`,
			data: toBackupData(manifest)
		};
	}
};

const listBackups: Command = {
	name: 'list_backups',
	usage: 'list_backups',
	summary: 'Lists the backups, newest first.',
	run: async (_args, { backups }) => {
		const { keep, frozen, backups: all } = await backups.list();
		const newestFirst = all.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
		const rows = newestFirst.map((each) => [
			each.name,
			toIso(each.createdAtMs),
			each.pinned ? `${each.kind}, pinned` : each.kind,
			formatBytes(each.sizeBytes),
			String(each.notes),
			each.verified ? 'verified' : 'NOT verified',
			each.label
		]);
		const headings = ['Name', 'Made', 'Kind', 'Size', 'Notes', 'Verdict', 'Label'];
		const state = frozen
			? frozenWords
			: `Rotation keeps the newest ${keep} verified backups made by the schedule, and as many made by hand.`;
		return {
			text: `${table(headings, rows, 'No backup yet.')}\n${state}`,
			data: { keep, frozen, backups: newestFirst.map(toBackupData) }
		};
	}
};

const verifyBackup: Command = {
	name: 'verify_backup',
	usage: 'verify_backup NAME',
	summary: 'Reads a backup again and compares it with its manifest.',
	required: ['NAME'],
	run: async (args, { backups }) => {
		const { name, verified, findings } = await backups.verify(args.word(0));
		const text = verified
			? `${name} is whole: checksum, structure, counts and all notes agree.`
			: [`${name} is NOT good:`, ...findings].join('\n- ');
		return { text, data: { name, verified, findings } };
	}
};

const compareBackup: Command = {
	name: 'compare_backup',
	usage: 'compare_backup NAME',
	summary: 'Shows what was added, changed and deleted since a backup.',
	required: ['NAME'],
	run: async (args, { backups }) => {
		const comparison = await backups.compare(args.word(0));
		const { name, added, changed, deleted } = comparison;
		return {
			text: describeComparison(comparison),
			data: {
				name,
				added: added.map(toRef),
				changed: changed.map(toRef),
				deleted: deleted.map(toRef)
			}
		};
	}
};

const toRef = ({ id, title }: NoteReference): NoteReference => ({ id, title });

const describeComparison = ({ name, added, changed, deleted }: BackupComparison): string => {
	const rows = [
		...added.map((note) => ['added', note.id, note.title]),
		...changed.map((note) => ['changed', note.id, note.title]),
		...deleted.map((note) => ['deleted', note.id, note.title])
	];
	const head = `Since ${name}: ${added.length} added, ${changed.length} changed, ${deleted.length} deleted.`;
	return rows.length === 0 ? head : `${head}\n${table(['', 'Id', 'Title'], rows)}`;
};

const deleteBackup: Command = {
	name: 'delete_backup',
	usage: 'delete_backup NAME',
	summary: 'Deletes one backup for good.',
	required: ['NAME'],
	run: async (args, { backups }) => {
		const manifest = await backups.remove(args.word(0));
		return { text: `Deleted ${describeBackup(manifest)}`, data: toBackupData(manifest) };
	}
};

const pinBackup: Command = {
	name: 'pin_backup',
	usage: 'pin_backup NAME [--off]',
	summary: 'Keeps a backup from being rotated away, or no longer.',
	required: ['NAME'],
	options: [{ name: '--off', kind: 'flag' }],
	run: async (args, { backups }) => {
		const manifest = await backups.pin(args.word(0), !args.flag('--off'));
		const text = manifest.pinned ? 'Pinned' : 'No longer pinned';
		return { text: `${text}: ${describeBackup(manifest)}`, data: toBackupData(manifest) };
	}
};

const labelBackup: Command = {
	name: 'label_backup',
	usage: 'label_backup NAME [LABEL]',
	summary: 'Gives a backup another label; without one the label goes.',
	required: ['NAME'],
	optional: ['LABEL'],
	takesRest: true,
	run: async (args, { backups }) => {
		const manifest = await backups.label(args.word(0), args.find(1) ?? '');
		const text = manifest.label === '' ? 'No label now' : `Now called “${manifest.label}”`;
		return { text: `${text}: ${describeBackup(manifest)}`, data: toBackupData(manifest) };
	}
};

const downloadBackup: Command = {
	name: 'download_backup',
	usage: 'download_backup NAME',
	summary: 'Hands a backup to the downloads of the browser.',
	required: ['NAME'],
	run: async (args, { backups }) => {
		const manifest = await backups.download(args.word(0));
		return {
			text: `Handed to the downloads of the browser: ${describeBackup(manifest)}`,
			data: toBackupData(manifest)
		};
	}
};

export const backupCommands: readonly Command[] = [
	backupDatabase,
	listBackups,
	verifyBackup,
	compareBackup,
	...restoreCommands,
	...rotationCommands,
	...salvageCommands,
	...simulationCommands,
	deleteBackup,
	pinBackup,
	labelBackup,
	downloadBackup,
	...copyCommands
];
