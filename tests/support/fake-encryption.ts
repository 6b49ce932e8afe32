import type { BackupEncryption } from '$lib/domain/backup-encryption';
import { createEncryptionService, type EncryptionService } from '$lib/services/encryption-service';
import { createKeyPrompt, type KeyPrompt } from '$lib/services/key-prompt';
import { AppError } from '$lib/shared/app-error';

export const noEncryption: BackupEncryption = {
	mode: 'off',
	canBackUp: true,
	keyCreatedAtMs: null,
	locked: [],
	outstanding: []
};

export interface FakeEncryption {
	readonly service: EncryptionService;
	readonly prompt: KeyPrompt;
	/** What was asked of the worker, in order. */
	readonly calls: string[];
	status(): BackupEncryption;
}

/** The real service over a worker in memory; `opens` is what fits, name by name and for new backups. */
export const createFakeEncryption = (
	first: BackupEncryption = noEncryption,
	opens: Readonly<Record<string, string>> = {}
): FakeEncryption => {
	let status = first;
	const calls: string[] = [];
	const prompt = createKeyPrompt();
	const service = createEncryptionService({
		prompt,
		now: () => Date.UTC(2026, 4, 12),
		db: {
			backupEncryption: () => Promise.resolve(status),
			createRecoveryKey: () =>
				Promise.resolve({
					identity: `AGE-SECRET-KEY-1${'QPZRY9X8'.repeat(7)}GF2TVD`,
					recipient: 'age1x'
				}),
			setBackupEncryption: (choice) => {
				calls.push(`choose ${choice.mode}`);
				status = { ...noEncryption, mode: choice.mode, outstanding: status.outstanding };
				return Promise.resolve(status);
			},
			unlockBackups: (secret, backup) => {
				calls.push(`unlock ${backup ?? 'new backups'}`);
				if (backup === null && secret === opens['older ones']) return Promise.resolve(status);
				if (opens[backup ?? ''] !== secret) {
					return Promise.reject(new AppError('wrong-passphrase', 'This opens none of them.'));
				}
				status = {
					...status,
					canBackUp: status.canBackUp || backup === null,
					locked: [],
					outstanding: status.outstanding.map((each) =>
						each.name === backup ? { ...each, unlocked: true } : each
					)
				};
				return Promise.resolve(status);
			},
			lockBackups: () => Promise.resolve((status = { ...status, canBackUp: false })),
			reencryptBackups: () => {
				const left = status.outstanding.filter(({ unlocked }) => !unlocked);
				const reencrypted = status.outstanding.length - left.length;
				status = { ...status, outstanding: left };
				calls.push('reencrypt');
				return Promise.resolve({
					reencrypted,
					left: left.map(({ name }) => ({ name, reason: 'What opens it was not given.' })),
					durationMs: 1
				});
			}
		}
	});
	return { service, prompt, calls, status: () => status };
};
