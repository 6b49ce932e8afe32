import type { BackupEncryption } from '$lib/domain/backup-encryption';
import type { NamedFile } from '$lib/db/encryption/vault';
import type { BackupFiles } from '$lib/db/opfs/backup-files';
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
				await vault.unlock(secret, backup === null ? null : await readNamed(files, backup));
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

const readNamed = async (files: BackupFiles, name: string): Promise<NamedFile> => {
	const { keyId } = await files.manifest(name);
	return { name, keyId, blob: await files.file(name) };
};
