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
		inspectFile: askForFile(deps.prompt, backups.inspectFile)
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
export const askForFile =
	<T>(prompt: KeyPrompt, look: (file: File, secret: string | null) => Promise<T>) =>
	async (file: File): Promise<T> => {
		try {
			return await look(file, null);
		} catch (thrown) {
			const question = toQuestion(thrown);
			if (!question) throw thrown;
			const opened: T[] = [];
			const accept = async (typed: string): Promise<void> => {
				opened.push(await look(file, typed));
			};
			await prompt.ask({ ...question, kind: 'unlock', accept });
			return opened.at(-1) ?? look(file, null);
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
