import type { RestoreReport } from '$lib/domain/backup';
import { isAppError, type AppError } from '$lib/shared/app-error';
import type { BackupService } from './backup-service';
import type { EncryptionService } from './encryption-service';
import type { KeyPrompt, KeyQuestion } from './key-prompt';

export interface AskingDeps {
	readonly backups: BackupService;
	readonly encryption: EncryptionService;
	readonly prompt: KeyPrompt;
}

/**
 * The same backups for pages: what is locked asks for its passphrase or key, then goes on. Cancelled, it
 * rejects with `cancelled`. Commands use the bare service, which fails with `backup-locked` at once.
 */
export const createAskingBackups = (deps: AskingDeps): BackupService => {
	const { backups } = deps;
	const asking = Object.entries(backups).map(([name, method]) => [
		name,
		name === 'onChanged' ? method : askWhenLocked(deps, method as Method)
	]);
	return {
		...(Object.fromEntries(asking) as BackupService),
		inspectFile: async (file) => inspectFile(deps, file)
	};
};

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Repeats a call that was locked, once the page has given what opens it. */
export const askWhenLocked =
	<Args extends readonly unknown[], T>(
		{ encryption }: Pick<AskingDeps, 'encryption'>,
		method: (...args: Args) => Promise<T>
	) =>
	async (...args: Args): Promise<T> => {
		for (;;) {
			try {
				return await method(...args);
			} catch (thrown) {
				const question = toQuestion(thrown);
				if (!question) throw thrown;
				await encryption.askToUnlock(question, question.file);
			}
		}
	};

/** A file from elsewhere: what opens it need not open any backup of this browser. */
const inspectFile = async ({ backups, prompt }: AskingDeps, file: File): Promise<RestoreReport> => {
	try {
		return await backups.inspectFile(file);
	} catch (thrown) {
		const question = toQuestion(thrown);
		if (!question) throw thrown;
		let report: RestoreReport | null = null;
		const accept = async (typed: string): Promise<void> => {
			report = await backups.inspectFile(file, typed);
		};
		await prompt.ask({ ...question, kind: 'unlock', accept });
		return report ?? backups.inspectFile(file);
	}
};

type LockedQuestion = Pick<KeyQuestion, 'why' | 'need'> & { readonly file: string | null };

/** Null when asking would not help. */
const toQuestion = (thrown: unknown): LockedQuestion | null => {
	if (!isAppError(thrown, 'backup-locked')) return null;
	const need = toNeed(thrown);
	if (!need) return null;
	const { file } = thrown.details;
	return { why: thrown.message, need, file: typeof file === 'string' ? file : null };
};

const needs = ['passphrase', 'recovery-key', 'secret'] as const;
const toNeed = ({ details }: AppError): KeyQuestion['need'] | null =>
	needs.find((need) => need === details.need) ?? null;
