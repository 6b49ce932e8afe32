import { judgeCare } from '$lib/domain/outside-care';
import { describeWay, type OutsideCopy } from '$lib/domain/outside-copy';
import { formatBytes } from '$lib/shared/bytes';
import { toIso } from '$lib/shared/time';
import { describeBackup, toBackupData } from './backup-data';
import { checkFile } from './check-file-command';
import type { Command } from './command';
import { table } from './text-table';

const orNull = (timeMs: number | null): string | null => (timeMs === null ? null : toIso(timeMs));

const toCopyData = (copy: OutsideCopy) => ({
	name: copy.name,
	kind: copy.kind,
	way: copy.way,
	place: copy.place,
	leftAt: toIso(copy.leftAtMs),
	backupAt: toIso(copy.backupAtMs),
	sizeBytes: copy.sizeBytes,
	sha256: copy.sha256,
	contentHash: copy.contentHash,
	notes: copy.notes,
	encrypted: copy.encrypted,
	verified: copy.verified,
	seenAt: orNull(copy.seenAtMs),
	removedAt: orNull(copy.removedAtMs)
});

const outsideCopies: Command = {
	name: 'outside_copies',
	usage: 'outside_copies',
	summary: 'Lists what left this browser, and counts 3 copies, 2 places, 1 outside.',
	run: async (_args, { copies, copyFolder, backups }) => {
		const [all, { backups: kept }, folder] = await Promise.all([
			copies.list(),
			backups.list(),
			copyFolder.state()
		]);
		const care = judgeCare({ copies: all, backups: kept, nowMs: Date.now() });
		const rows = all.map((copy) => [
			copy.name,
			toIso(copy.leftAtMs),
			describeWay(copy),
			formatBytes(copy.sizeBytes),
			copy.removedAtMs === null ? (orNull(copy.seenAtMs) ?? 'not seen since') : 'gone'
		]);
		const goals = care.goals.map(({ have, want, title }) => `${have} of ${want} ${title}`);
		return {
			text: [
				table(['Name', 'Left', 'How', 'Size', 'Seen'], rows, 'No copy left this browser yet.'),
				`${goals.join(', ')}. ${care.next}`
			].join('\n'),
			data: {
				met: care.met,
				goals: care.goals.map(({ id, have, want }) => ({ id, have, want })),
				next: care.next,
				folder: { name: folder.name, permission: folder.permission },
				copies: all.map(toCopyData)
			}
		};
	}
};

const copyBackup: Command = {
	name: 'copy_backup',
	usage: 'copy_backup NAME',
	summary: 'Copies a backup to the folder chosen on the Backups page, and reads it back there.',
	required: ['NAME'],
	run: async (args, { copyFolder }) => {
		const manifest = await copyFolder.copy(args.word(0));
		return {
			text: `Copied, read back and compared: ${describeBackup(manifest)}`,
			data: toBackupData(manifest)
		};
	}
};

const recoveryKit: Command = {
	name: 'recovery_kit',
	usage: 'recovery_kit [--plain-notes]',
	summary: 'Downloads a zip that opens the newest backup without this app.',
	options: [{ name: '--plain-notes', kind: 'flag' }],
	run: async (args, services) => {
		const report = await services.recoveryKit.make(args.flag('--plain-notes'));
		const { fileName, backup, notes, bytes, encrypted, markdown } = report;
		const readable =
			encrypted && markdown === 0
				? 'Nothing in it can be read without the key.'
				: 'Whoever has the file can read the notes.';
		const text = `Handed to the downloads: ${fileName}, ${backup} with ${notes} notes, ${formatBytes(bytes)}. ${readable}`;
		return { text, data: report };
	}
};

export const copyCommands: readonly Command[] = [outsideCopies, copyBackup, checkFile, recoveryKit];
