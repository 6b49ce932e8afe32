import { describeSalvage } from '$lib/domain/salvage';
import { describeBackup, toBackupData } from './backup-data';
import type { Command } from './command';
import { formatDuration } from './text-table';

const salvage: Command = {
	name: 'salvage',
	usage: 'salvage',
	summary: 'Reads what can be read of a damaged notebook into a backup; the file is left alone.',
	run: async (_args, { backups }) => {
		const { report, backup } = await backups.salvage();
		const text = [
			`${describeSalvage(report)} It took ${formatDuration(report.durationMs)}.`,
			...report.remarks,
			...report.damaged.map(({ id }) => `- damaged: ${id}`),
			...report.lost.map(({ id, seq }) => `- lost: ${id ?? `row ${seq}`}`),
			`To take it: restore_database ${backup.name}`
		].join('\n');
		return { text, data: { ...report, backup: toBackupData(backup) } };
	}
};

const joinBackups: Command = {
	name: 'join_backups',
	usage: 'join_backups BASE SALVAGED',
	summary: 'Makes a backup of BASE with what is newer in SALVAGED, or only there.',
	required: ['BASE', 'SALVAGED'],
	run: async (args, { backups }) => {
		const joined = await backups.join(args.word(0), args.word(1));
		const { added, replaced, keptOlder, onlyInBase, backup } = joined;
		const text = [
			`${added} added, ${replaced} replaced, ${onlyInBase.length} only in ${args.word(0)}: ${describeBackup(backup)}`,
			...keptOlder.map(
				({ id }) => `- newer in the salvage but damaged, the older text was kept: ${id}`
			),
			`To take it: restore_database ${backup.name}`
		].join('\n');
		return { text, data: { added, replaced, keptOlder, onlyInBase, backup: toBackupData(backup) } };
	}
};

export const salvageCommands: readonly Command[] = [salvage, joinBackups];
