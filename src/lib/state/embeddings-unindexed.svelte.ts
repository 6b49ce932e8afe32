import type { EmbeddingReason, MissingReason, ReasonPage, ReasonQuery } from '$lib/domain/indexing';
import { SvelteSet } from 'svelte/reactivity';

export const reasonsPerPage = 50;

/** These have nothing that a model could read. */
const unreadable: readonly MissingReason[] = ['empty', 'too-long', 'excluded'];

/** The notes that meaning search does not cover: one reason, one page, and what is chosen of it. */
export class UnindexedList {
	#page = $state.raw<ReasonPage | null>(null);
	#reason = $state<MissingReason | null>(null);
	#offset = $state(0);
	readonly chosen = new SvelteSet<string>();
	readonly last = $derived(Math.min(this.#offset + reasonsPerPage, this.#page?.total ?? 0));

	constructor(private readonly fetch: (query: ReasonQuery) => Promise<ReasonPage>) {}

	get page(): ReasonPage | null {
		return this.#page;
	}

	get reason(): MissingReason | null {
		return this.#reason;
	}

	get offset(): number {
		return this.#offset;
	}

	/** Rejects as the notebook does. The page before the one that vanished takes its place. */
	load = async (): Promise<void> => {
		const query = { reason: this.#reason, offset: this.#offset, limit: reasonsPerPage };
		const page = await this.fetch(query);
		if (query.reason !== this.#reason || query.offset !== this.#offset) return;
		if (page.reasons.length === 0 && this.#offset > 0) {
			this.#offset = Math.max(0, Math.ceil(page.total / reasonsPerPage) - 1) * reasonsPerPage;
			await this.load();
			return;
		}
		this.#page = page;
	};

	/** Rejects as `load` does; so does `turn`. */
	filter = async (reason: MissingReason | null): Promise<void> => {
		this.#reason = reason;
		this.#offset = 0;
		this.chosen.clear();
		await this.load();
	};

	turn = async (pages: number): Promise<void> => {
		this.#offset = Math.max(0, this.#offset + pages * reasonsPerPage);
		await this.load();
	};

	canEmbed = ({ reason }: EmbeddingReason): boolean => !unreadable.includes(reason);

	choose = (noteId: string, isChosen: boolean): void => {
		if (isChosen) this.chosen.add(noteId);
		else this.chosen.delete(noteId);
	};

	choosePage = (): void => {
		for (const each of this.#page?.reasons ?? []) {
			if (this.canEmbed(each)) this.chosen.add(each.noteId);
		}
	};

	chooseNone = (): void => this.chosen.clear();
}
