import type {
	BackupEncryption,
	EncryptionChoice,
	OutstandingBackup,
	RecoveryKey,
	ReencryptReport
} from '$lib/domain/backup-encryption';
import type { OnProgress } from '$lib/domain/progress';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError, isAppError } from '$lib/shared/app-error';
import { formatExact } from '$lib/shared/relative-time';
import type { Clock } from '$lib/shared/time';
import { proxy } from 'comlink';
import type { KeyPrompt, KeyQuestion } from './key-prompt';

/** How backups are encrypted, and the questions that this brings. */
export interface EncryptionService {
	status(): Promise<BackupEncryption>;
	createRecoveryKey(): Promise<RecoveryKey>;
	choose(choice: EncryptionChoice): Promise<BackupEncryption>;
	/** Asks in the page for a new passphrase. Rejects with `cancelled`. */
	askForPassphrase(): Promise<BackupEncryption>;
	/** Asks in the page for what opens the new backups, or the one named. */
	askToUnlock(question: Pick<KeyQuestion, 'why' | 'need'>, backup: string | null): Promise<void>;
	lock(): Promise<BackupEncryption>;
	/**
	 * Asks in the page for a new passphrase, and for the present one where it is needed, then brings the
	 * kept backups under it. Killed half-way, `finish` goes on.
	 */
	rotatePassphrase(onProgress?: OnProgress): Promise<ReencryptReport>;
	/**
	 * Brings what is left under the present key, asking for older ones. A passphrase that is not given
	 * leaves its backups as they are; the report names them.
	 */
	finish(onProgress?: OnProgress): Promise<ReencryptReport>;
}

export interface EncryptionServiceDeps {
	readonly db: Pick<
		DbClient,
		| 'backupEncryption'
		| 'createRecoveryKey'
		| 'setBackupEncryption'
		| 'unlockBackups'
		| 'lockBackups'
		| 'reencryptBackups'
	>;
	readonly prompt: KeyPrompt;
	readonly now: Clock;
}

export const createEncryptionService = (deps: EncryptionServiceDeps): EncryptionService => {
	const { db, prompt } = deps;
	const askToUnlock: EncryptionService['askToUnlock'] = async (question, backup) =>
		prompt.ask({
			...question,
			kind: 'unlock',
			accept: async (typed) => void (await db.unlockBackups(typed, backup))
		});
	const askForPassphrase = async (): Promise<BackupEncryption> => {
		await prompt.ask({
			kind: 'new',
			why: 'New backups are encrypted with it.',
			need: 'passphrase',
			accept: async (passphrase) =>
				void (await db.setBackupEncryption({ mode: 'passphrase', passphrase }))
		});
		return db.backupEncryption();
	};
	const finish = async (onProgress?: OnProgress): Promise<ReencryptReport> => {
		await unlockPresent(deps, await db.backupEncryption());
		await unlockOlder(deps, askToUnlock);
		return db.reencryptBackups(proxy(onProgress ?? (() => undefined)));
	};
	return {
		status: async () => db.backupEncryption(),
		createRecoveryKey: async () => db.createRecoveryKey(),
		choose: async (choice) => db.setBackupEncryption(choice),
		lock: async () => db.lockBackups(),
		askForPassphrase,
		askToUnlock,
		finish,
		async rotatePassphrase(onProgress) {
			const status = await db.backupEncryption();
			if (status.mode !== 'passphrase') throw notByPassphrase(status);
			await unlockPresent(deps, status);
			await askForPassphrase();
			return finish(onProgress);
		}
	};
};

type AskToUnlock = EncryptionService['askToUnlock'];

/** What opens only older backups is no answer: it is asked again. */
const unlockPresent = async (
	{ db, prompt }: EncryptionServiceDeps,
	{ canBackUp }: BackupEncryption
): Promise<void> => {
	if (canBackUp) return;
	await prompt.ask({
		kind: 'unlock',
		why: 'This is the passphrase of new backups.',
		need: 'passphrase',
		async accept(typed) {
			const status = await db.unlockBackups(typed, null);
			if (status.canBackUp) return;
			throw new AppError('wrong-passphrase', 'This opens older backups, but not the new ones.');
		}
	});
};

/** One question for each key that is still missing, by the first backup under it. */
const unlockOlder = async (
	{ db, now }: EncryptionServiceDeps,
	askToUnlock: AskToUnlock
): Promise<void> => {
	const asked = new Set<string>();
	for (;;) {
		const { outstanding } = await db.backupEncryption();
		const next = outstanding.find(({ name, unlocked }) => !unlocked && !asked.has(name));
		if (!next) return;
		for (const { name } of sameKey(outstanding, next)) asked.add(name);
		try {
			await askToUnlock({ why: whyOlder(next, now()), need: next.openedBy ?? 'secret' }, next.name);
		} catch (thrown) {
			if (!isAppError(thrown, 'cancelled')) throw thrown;
		}
	}
};

/** Where it is not known since when its key was in use, nothing says that another one has the same. */
const sameKey = (
	outstanding: readonly OutstandingBackup[],
	{ name, openedBy, keyCreatedAtMs }: OutstandingBackup
): readonly OutstandingBackup[] =>
	outstanding.filter(
		(each) =>
			each.name === name ||
			(keyCreatedAtMs !== null &&
				each.openedBy === openedBy &&
				each.keyCreatedAtMs === keyCreatedAtMs)
	);

const whyOlder = ({ name, openedBy, keyCreatedAtMs }: OutstandingBackup, nowMs: number): string => {
	const what = openedBy === 'recovery-key' ? 'recovery key' : 'passphrase';
	const since =
		keyCreatedAtMs === null ? '' : ` in use since ${formatExact(keyCreatedAtMs, nowMs)}`;
	return `${name} still opens with the older ${what}${since}. Without it that backup stays as it is.`;
};

const notByPassphrase = ({ mode }: BackupEncryption): AppError =>
	new AppError(
		'input-invalid',
		mode === 'recovery-key'
			? 'Backups are encrypted with a recovery key. Make a new one on the Backups page.'
			: 'Backups are not encrypted with a passphrase. Choose one on the Backups page.'
	);
