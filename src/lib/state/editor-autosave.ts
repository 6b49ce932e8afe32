import type { Clock } from '$lib/shared/time';

const pauseMs = 300;
/** Who types without a pause is saved at least this often. */
const longestMs = 2_000;
/** Longer texts are not serialised on each key. */
const smallText = 20_000;
const draftPauseMs = 1_000;

interface Actions {
	save(): void;
	keepDraft(): void;
}

/** When to save and when to keep a draft, while somebody types. */
export class EditorAutosave {
	#saveTimer: ReturnType<typeof setTimeout> | undefined;
	#draftTimer: ReturnType<typeof setTimeout> | undefined;
	#dirtySinceMs: number | null = null;

	constructor(
		private readonly now: Clock,
		private readonly actions: Actions
	) {}

	edited(bodyLength: number): void {
		const now = this.now();
		this.#dirtySinceMs ??= now;
		const wait = Math.min(pauseMs, Math.max(0, this.#dirtySinceMs + longestMs - now));
		clearTimeout(this.#saveTimer);
		this.#saveTimer = setTimeout(() => this.actions.save(), wait);
		if (bodyLength <= smallText) this.actions.keepDraft();
		else this.#draftTimer ??= setTimeout(() => this.#keepDraft(), draftPauseMs);
	}

	cancel(): void {
		clearTimeout(this.#saveTimer);
		clearTimeout(this.#draftTimer);
		this.#draftTimer = undefined;
		this.#dirtySinceMs = null;
	}

	#keepDraft(): void {
		this.#draftTimer = undefined;
		this.actions.keepDraft();
	}
}
