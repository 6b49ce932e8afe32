import { describeBackup, toBackupData } from './backup-data';
import type { Command } from './command';
import { formatDuration } from './text-table';

const testRestore: Command = {
	name: 'test_restore',
	usage: 'test_restore [NAME]',
	summary: 'Restores a backup to one side, checks it and throws it away; today’s notes stay.',
	optional: ['NAME'],
	run: async (args, { backups }) => {
		const { name, passed, durationMs, checks } = await backups.test(args.find(0));
		const lines = checks.map((check) => `${check.passed ? 'ok    ' : 'FAILED'} ${check.message}`);
		const verdict = passed
			? `${name} can be restored; it takes ${formatDuration(durationMs)}.`
			: `${name} can NOT be trusted.`;
		return {
			text: [...lines, verdict].join('\n'),
			data: {
				name,
				passed,
				durationMs,
				checks: checks.map((check) => ({
					id: check.id,
					passed: check.passed,
					message: check.message
				}))
			}
		};
	}
};

const restoreDatabase: Command = {
	name: 'restore_database',
	usage: 'restore_database NAME',
	summary: 'Puts a backup in the place of today’s notes, which are backed up first.',
	required: ['NAME'],
	run: async (args, { backups }) => {
		const { restored, restorePoint, durationMs } = await backups.restore(args.word(0));
		const text = [
			`Restored in ${formatDuration(durationMs)}: ${describeBackup(restored)}`,
			describeWayBack(restorePoint)
		].join('\n');
		return { text, data: { restored: toBackupData(restored), restorePoint, durationMs } };
	}
};

/** A notebook too damaged to be backed up is kept as it lies, and no command restores it. */
const describeWayBack = (restorePoint: string): string =>
	restorePoint.includes('/')
		? `There is no undo: what was there before was too damaged for a restore point. It is kept as it was, as ${restorePoint}; the rescue page gives it for download.`
		: `To undo: restore_database ${restorePoint}`;

const restoreNote: Command = {
	name: 'restore_note',
	usage: 'restore_note NAME NOTE_ID [--as-copy]',
	summary: 'Brings one note back from a backup.',
	required: ['NAME', 'NOTE_ID'],
	options: [{ name: '--as-copy', kind: 'flag' }],
	run: async (args, { backups }) => {
		const asCopy = args.flag('--as-copy');
		const note = await backups.restoreNote(args.word(0), args.word(1), asCopy);
		const what = asCopy ? 'as a copy' : 'in its place';
		return { text: `The note is back ${what}: ${note.id}`, data: { id: note.id } };
	}
};

export const restoreCommands: readonly Command[] = [testRestore, restoreDatabase, restoreNote];
