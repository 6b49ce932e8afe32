import { judgePassphrase } from '$lib/domain/backup-encryption';
import type { KeyPrompt, KeyQuestion } from '$lib/services/key-prompt';
import { presentError } from '$lib/services/error-presentation';

/** The one dialog that asks for a passphrase or key. What is typed is dropped as soon as it was tried. */
export class KeyPromptState {
	#question = $state.raw<KeyQuestion | null>(null);
	#busy = $state(false);
	#refusal = $state<string | null>(null);
	#wanted = $state(false);
	typed = $state('');
	repeated = $state('');
	readonly isNew = $derived(this.#question?.kind === 'new');
	readonly strength = $derived(judgePassphrase(this.typed));
	readonly canSubmit = $derived(
		this.isNew
			? this.strength !== 'too-short' && this.typed === this.repeated
			: this.typed.trim() !== ''
	);

	constructor(private readonly prompt: KeyPrompt) {
		prompt.onChanged((question) => this.#show(question));
	}

	get question(): KeyQuestion | null {
		return this.#question;
	}

	get busy(): boolean {
		return this.#busy;
	}

	/** Whether anything was asked yet: the dialog is loaded then. */
	get wanted(): boolean {
		return this.#wanted;
	}

	/** Why the last answer was not taken. */
	get refusal(): string | null {
		return this.#refusal;
	}

	submit = async (): Promise<void> => {
		if (!this.canSubmit || this.#busy) return;
		this.#busy = true;
		this.#refusal = null;
		try {
			await this.prompt.answer(this.typed);
		} catch (thrown) {
			const { code, title, cause } = presentError(thrown);
			this.#refusal = code === 'wrong-passphrase' ? title : `${title} ${cause}`;
		} finally {
			this.#busy = false;
		}
	};

	cancel = (): void => {
		if (!this.#busy) this.prompt.cancel();
	};

	/** The dialog could not be loaded: who asked hears that nothing was given, the next question tries again. */
	forget = (): void => {
		while (this.#question) this.prompt.cancel();
		this.#wanted = false;
	};

	#show(question: KeyQuestion | null): void {
		this.#question = question;
		this.#wanted ||= question !== null;
		this.#refusal = null;
		this.typed = '';
		this.repeated = '';
	}
}
