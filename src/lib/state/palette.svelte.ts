import type { NoteService } from '$lib/services/note-service';
import type { SearchService } from '$lib/services/search-service';
import type { SessionService } from '$lib/services/session-service';
import { errorText } from './error-text';

const shownNotes = 6;

export interface PaletteNote {
	readonly id: string;
	readonly title: string;
	readonly tags: readonly string[];
	readonly updatedAtMs: number;
}

/** Something the palette can do. */
export interface PaletteAction {
	readonly id: string;
	readonly label: string;
	/** Other words for it. */
	readonly also?: string;
	/** Makes no sense while the notebook is not open here. */
	readonly needsNotebook?: boolean;
	readonly run: () => void;
}

export interface PaletteDeps {
	readonly search: SearchService;
	readonly notes: NoteService;
	readonly session: SessionService;
	readonly actions: readonly PaletteAction[];
}

/** Whether each typed word begins a word of the text. */
export const matchesWords = (text: string, query: string): boolean => {
	const words = text.toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u);
	const typed = query.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
	return typed.every((start) => words.some((word) => word.startsWith(start)));
};

/** The command palette: notes as one types, the newest ones before that, and what can be done. */
export class PaletteState {
	#query = $state('');
	#notes = $state.raw<readonly PaletteNote[]>([]);
	#error = $state<string | null>(null);
	#isOpenNotebook = $state(false);
	#turn = 0;
	#finding: Promise<void> = Promise.resolve();
	readonly actions = $derived.by<readonly PaletteAction[]>(() =>
		this.deps.actions.filter(
			({ label, also = '', needsNotebook }) =>
				(this.#isOpenNotebook || !needsNotebook) && matchesWords(`${label} ${also}`, this.#query)
		)
	);

	constructor(private readonly deps: PaletteDeps) {}

	get query(): string {
		return this.#query;
	}

	set query(query: string) {
		this.#query = query;
		this.#finding = this.#find();
	}

	/** Best first. Without a query: the notes that were changed last. */
	get notes(): readonly PaletteNote[] {
		return this.#notes;
	}

	get error(): string | null {
		return this.#error;
	}

	/** Resolves when the notes shown are those of the query: the same keys then always do the same. */
	async answered(): Promise<void> {
		let awaited;
		do {
			awaited = this.#finding;
			await awaited;
		} while (awaited !== this.#finding);
	}

	/** Called when the palette appears: it begins anew. */
	begin(): void {
		this.#isOpenNotebook = this.deps.session.current.phase === 'ready';
		this.#notes = [];
		this.query = '';
	}

	async #find(): Promise<void> {
		const turn = ++this.#turn;
		if (!this.#isOpenNotebook) return;
		const text = this.#query.trim();
		try {
			const found = text === '' ? await this.#newest() : await this.#search(text);
			if (turn !== this.#turn) return;
			this.#notes = found;
			this.#error = null;
		} catch (error) {
			if (turn === this.#turn) this.#error = errorText(error);
		}
	}

	async #newest(): Promise<readonly PaletteNote[]> {
		const query = { sort: 'updated', offset: 0, limit: shownNotes } as const;
		return (await this.deps.notes.list(query)).notes;
	}

	/** By words; a title that has them all comes before a text that has them. */
	async #search(text: string): Promise<readonly PaletteNote[]> {
		const { results } = await this.deps.search.search(text, { mode: 'keyword', limit: 30 });
		const inTitle = (title: string): number => Number(matchesWords(title, text));
		return results
			.map(({ noteId: id, title, tags, updatedAtMs }) => ({ id, title, tags, updatedAtMs }))
			.toSorted((a, b) => inTitle(b.title) - inTitle(a.title))
			.slice(0, shownNotes);
	}
}
