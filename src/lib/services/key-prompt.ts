import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';

/** A passphrase or key that some work needs before it can go on. */
export interface KeyQuestion {
	/** `new`: a passphrase to be chosen, typed twice. */
	readonly kind: 'unlock' | 'new';
	/** Why it is asked, in a sentence. */
	readonly why: string;
	/** What is asked for: `passphrase`, `recovery-key`, or whichever opens it. */
	readonly need: 'passphrase' | 'recovery-key' | 'secret';
	/** Tries what was typed; rejects when it does not fit. Then it is asked again. */
	readonly accept: (typed: string) => Promise<void>;
}

/**
 * Asks in the page, one question at a time. What is typed goes to `accept` and is kept nowhere here: not
 * in storage, not in a log, not in the history of the console.
 */
export interface KeyPrompt {
	readonly current: KeyQuestion | null;
	onChanged(listener: (question: KeyQuestion | null) => void): () => void;
	/** Resolves once something fitting was given; rejects with `cancelled`. */
	ask(question: KeyQuestion): Promise<void>;
	/** The user's answer. Rejects with the reason when it does not fit; the question stays. */
	answer(typed: string): Promise<void>;
	cancel(): void;
}

interface Asked {
	readonly question: KeyQuestion;
	readonly resolve: () => void;
	readonly reject: (reason: AppError) => void;
}

export const createKeyPrompt = (): KeyPrompt => {
	const changed = createEmitter<KeyQuestion | null>();
	const waiting: Asked[] = [];
	const current = (): KeyQuestion | null => waiting[0]?.question ?? null;
	const end = (finish: (asked: Asked) => void): void => {
		const asked = waiting.shift();
		if (asked) finish(asked);
		changed.emit(current());
	};
	return {
		get current() {
			return current();
		},
		onChanged: changed.subscribe,
		async ask(question) {
			const answered = new Promise<void>((resolve, reject) => {
				waiting.push({ question, resolve, reject });
			});
			if (waiting.length === 1) changed.emit(question);
			return answered;
		},
		async answer(typed) {
			const asked = waiting[0];
			await asked?.question.accept(typed);
			if (asked && waiting[0] === asked) end(({ resolve }) => resolve());
		},
		cancel() {
			const message = 'No passphrase or key was given. Nothing was changed.';
			end(({ reject }) => reject(new AppError('cancelled', message)));
		}
	};
};
