import type { BackupEncryption } from '$lib/domain/backup-encryption';
import { toIso } from '$lib/shared/time';
import type { Command } from './command';
import { counted, formatDuration } from './text-table';

const rotatePassphrase: Command = {
	name: 'rotate_passphrase',
	usage: 'rotate_passphrase',
	summary: 'Asks in the page for a new passphrase and encrypts the kept backups anew with it.',
	isPrivate: true,
	run: async (_args, { encryption }) => {
		const { reencrypted, left, durationMs } = await encryption.rotatePassphrase();
		const done = `${counted(reencrypted, 'backup')} encrypted anew in ${formatDuration(durationMs)}.`;
		const lines = left.map(({ name, reason }) => `Left as before: ${name}. ${reason}`);
		return {
			ok: left.length === 0,
			text: [done, ...lines].join('\n'),
			data: { reencrypted, durationMs, left }
		};
	}
};

const backupEncryption: Command = {
	name: 'backup_encryption',
	usage: 'backup_encryption',
	summary: 'Says how backups are encrypted and which ones are locked or under an older key.',
	run: async (_args, { encryption }) => describe(await encryption.status())
};

const unlockBackups: Command = {
	name: 'unlock_backups',
	usage: 'unlock_backups [NAME]',
	summary:
		'Asks in the page for the passphrase or key, and keeps it in memory until the app is closed.',
	optional: ['NAME'],
	isPrivate: true,
	run: async (args, { encryption }) => {
		const why = 'It stays in memory until you close the app.';
		await encryption.askToUnlock({ why, need: 'secret' }, args.find(0));
		return describe(await encryption.status());
	}
};

const modeWords: Readonly<Record<BackupEncryption['mode'], string>> = {
	off: 'New backups are plain files.',
	passphrase: 'New backups are encrypted with a passphrase.',
	'recovery-key': 'New backups are encrypted for a recovery key.',
	unknown: 'How backups are to be encrypted is not known any more: choose it on the Backups page.'
};

const describe = (status: BackupEncryption) => {
	const { mode, canBackUp, keyCreatedAtMs, locked, outstanding } = status;
	const lines = [
		modeWords[mode],
		...(canBackUp || mode === 'unknown'
			? []
			: ['The passphrase is not in memory: unlock_backups.']),
		...locked.map((name) => `Locked: ${name}`),
		...outstanding.map(
			({ name, openedBy }) => `${openedBy ? `Under an older ${openedBy}` : 'Plain'}: ${name}`
		)
	];
	const keyCreatedAt = keyCreatedAtMs === null ? null : toIso(keyCreatedAtMs);
	return {
		text: lines.join('\n'),
		data: {
			mode,
			canBackUp,
			keyCreatedAt,
			locked: [...locked],
			outstanding: outstanding.map(({ name }) => name)
		}
	};
};

export const encryptionCommands: readonly Command[] = [
	rotatePassphrase,
	backupEncryption,
	unlockBackups
];
