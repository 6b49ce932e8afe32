import type { NoteListQuery, NotePage, NoteSummary } from '$lib/domain/note';

export const pageSize = 100;

type Query = Omit<NoteListQuery, 'offset' | 'limit'>;

/**
 * Rows of a long list, fetched in pages when they come into view. Rows that became stale stay on
 * screen until their replacement is there, so nothing flickers.
 */
export class NotesPages {
	#pages = $state.raw<Readonly<Record<number, readonly NoteSummary[]>>>({});
	#total = $state<number | null>(null);
	#fresh: readonly number[] = [];
	#wanted: readonly number[] = [0];
	#generation = 0;

	constructor(
		private readonly fetch: (query: NoteListQuery) => Promise<NotePage>,
		private readonly onfail: (error: unknown) => void
	) {}

	/** Null until the first answer. */
	get total(): number | null {
		return this.#total;
	}

	at(index: number): NoteSummary | undefined {
		return this.#pages[Math.floor(index / pageSize)]?.[index % pageSize];
	}

	/** Position of a note among the rows fetched so far, or -1. */
	indexOf(id: string): number {
		for (const [page, rows] of Object.entries(this.#pages)) {
			const at = rows.findIndex((row) => row.id === id);
			if (at >= 0) return Number(page) * pageSize + at;
		}
		return -1;
	}

	/** Everything anew, for another query: old rows go at once. */
	async reset(query: Query): Promise<void> {
		this.#pages = {};
		this.#total = null;
		await this.refresh(query, [0]);
	}

	/** The rows in view anew; the rest when they come into view. */
	async refresh(query: Query, pages: readonly number[] = this.#wanted): Promise<void> {
		this.#generation += 1;
		this.#fresh = [];
		await this.#fetchPages(query, pages);
	}

	/** Called with the rows in view. */
	async show(query: Query, first: number, last: number): Promise<void> {
		const from = Math.floor(Math.max(first, 0) / pageSize);
		const to = Math.floor(Math.max(last, 0) / pageSize);
		this.#wanted = Array.from({ length: to - from + 1 }, (_, i) => from + i);
		await this.#fetchPages(
			query,
			this.#wanted.filter((page) => !this.#fresh.includes(page))
		);
	}

	async #fetchPages(query: Query, pages: readonly number[]): Promise<void> {
		const generation = this.#generation;
		this.#fresh = [...this.#fresh, ...pages];
		await Promise.all(pages.map((page) => this.#fetchPage(query, page, generation)));
	}

	async #fetchPage(query: Query, page: number, generation: number): Promise<void> {
		try {
			const answer = await this.fetch({ ...query, offset: page * pageSize, limit: pageSize });
			if (generation !== this.#generation) return;
			this.#pages = { ...this.#pages, [page]: answer.notes };
			this.#total = answer.total;
		} catch (error) {
			this.#fresh = this.#fresh.filter((other) => other !== page);
			if (generation === this.#generation) this.onfail(error);
		}
	}
}
