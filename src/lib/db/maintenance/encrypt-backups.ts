import type { BackupEncryption } from '$lib/domain/backup-encryption';
import type { NotebookContext } from './context';
import type { BackupStore } from './notebook';
import { reencryptBackups } from './reencrypt-backups';

type Encrypting = Pick<
	BackupStore,
	| 'backupEncryption'
	| 'createRecoveryKey'
	| 'setBackupEncryption'
	| 'unlockBackups'
	| 'lockBackups'
	| 'reencryptBackups'
>;

export const createEncrypting = (
	context: NotebookContext,
	change: <T>(work: () => Promise<T>) => Promise<T>
): Encrypting => {
	const { files, vault } = context;
	const status = async (): Promise<BackupEncryption> => vault.status(await files.list());
	return {
		backupEncryption: status,
		createRecoveryKey: () => vault.createRecoveryKey(),
		setBackupEncryption: (choice) =>
			change(async () => {
				await vault.choose(choice, await files.list());
				return status();
			}),
		unlockBackups: (secret, backup) =>
			change(async () => {
				const named = backup === null ? null : { name: backup, blob: await files.file(backup) };
				await vault.unlock(secret, named);
				return status();
			}),
		lockBackups: () =>
			change(async () => {
				vault.lock();
				return status();
			}),
		reencryptBackups: (onProgress) => change(() => reencryptBackups(context, onProgress))
	};
};
