import type { RelatedNote } from '$lib/domain/search';
import type { IndexingService } from '$lib/services/indexing-service';
import type { SearchService } from '$lib/services/search-service';
import type { TagProposal } from '$lib/domain/suggestions';
import type { SuggestionService } from '$lib/services/suggestion-service';
import { errorText } from './error-text';

const shownNotes = 8;
const settleMs = 800;

/** Notes close in meaning to the open one. Asked again when the index has caught up. */
export class RelatedState {
	#noteId: string | null = null;
	#notes = $state.raw<readonly RelatedNote[] | null>(null);
	#tags = $state.raw<readonly TagProposal[]>([]);
	#error = $state<string | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#pending: number;

	constructor(
		private readonly search: SearchService,
		indexing: IndexingService,
		private readonly suggestions: Pick<SuggestionService, 'tagsFor'>
	) {
		this.#pending = indexing.progress.pendingNotes;
		indexing.onChanged(() => {
			const before = this.#pending;
			this.#pending = indexing.progress.pendingNotes;
			if (this.#pending < before) this.#later();
		});
	}

	/** Null until the first answer. */
	get notes(): readonly RelatedNote[] | null {
		return this.#notes;
	}

	/** Tags that the notes near it have. */
	get tags(): readonly TagProposal[] {
		return this.#tags;
	}

	get error(): string | null {
		return this.#error;
	}

	show(noteId: string | null): void {
		if (noteId === this.#noteId) return;
		this.#noteId = noteId;
		this.#notes = null;
		this.#tags = [];
		void this.#ask();
	}

	again = (): void => void this.#ask();

	#later(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(this.again, settleMs);
	}

	async #ask(): Promise<void> {
		const noteId = this.#noteId;
		if (noteId === null) return;
		try {
			const [notes, tags] = await Promise.all([
				this.search.related(noteId, shownNotes),
				this.suggestions.tagsFor(noteId).catch(() => []) // the notes are what was asked for
			]);
			if (noteId !== this.#noteId) return;
			this.#notes = notes;
			this.#tags = tags;
			this.#error = null;
		} catch (error) {
			if (noteId === this.#noteId) this.#error = errorText(error);
		}
	}
}
