import { undoneWords, type MergeDone, type MergeLinks } from '$lib/domain/merge-notes';
import type { DuplicatePair, Suggestions } from '$lib/domain/suggestions';
import type { NoteService } from '$lib/services/note-service';
import type { SuggestionService } from '$lib/services/suggestion-service';
import { MaintenanceTask } from './maintenance-task.svelte';
import type { ToastsState } from './toasts.svelte';

const listed = 100;

/** A pair side by side. */
export interface ShownPair {
	readonly pair: DuplicatePair;
	/** Their texts. */
	readonly texts: readonly [string, string];
	/** What a merge into the first does to the links of other notes, and one into the second. */
	readonly links: readonly [MergeLinks, MergeLinks];
}

/** Notes that are nearly the same and tags that neighbours have, taken up by a click. */
export class SuggestionsState {
	#found = $state.raw<Suggestions | null>(null);
	#shown = $state.raw<ShownPair | null>(null);
	threshold = $state('0.95');
	readonly task = new MaintenanceTask<Suggestions>();
	readonly taking = new MaintenanceTask<void>();

	constructor(
		private readonly suggestions: SuggestionService,
		private readonly notes: Pick<NoteService, 'get'>,
		private readonly toasts: ToastsState
	) {}

	/** Null until the notes were compared. */
	get found(): Suggestions | null {
		return this.#found;
	}

	get shown(): ShownPair | null {
		return this.#shown;
	}

	find = async (): Promise<void> => {
		this.#shown = null;
		const request = { threshold: Number(this.threshold), limit: listed };
		const found = await this.task.run(async (onProgress, signal) =>
			this.suggestions.find(request, { onProgress, signal })
		);
		this.#found = found ?? this.#found;
	};

	show = async (pair: DuplicatePair): Promise<void> => {
		if (this.#shown?.pair === pair) {
			this.#shown = null;
			return;
		}
		const texts = [pair.a, pair.b].map(async ({ noteId }) => this.notes.get(noteId));
		const [a, b] = await Promise.all(texts).catch(() => []);
		if (!a || !b) return this.toasts.say('One of the two is not there any more.');
		try {
			const intoFirst = await this.suggestions.linksOf(a.id, b.id);
			const intoSecond = await this.suggestions.linksOf(b.id, a.id);
			this.#shown = { pair, texts: [a.body, b.body], links: [intoFirst, intoSecond] };
		} catch (error) {
			this.toasts.fail('The two were not compared.', error);
		}
	};

	/** The first of the pair is kept, or the second. */
	merge = async (pair: DuplicatePair, keepsSecond: boolean): Promise<void> => {
		const [keep, other] = keepsSecond ? [pair.b, pair.a] : [pair.a, pair.b];
		await this.taking.run(async () => {
			const done = await this.suggestions.merge(keep.noteId, other.noteId);
			this.#drop(other.noteId);
			const run = (): void => void this.#undo(done);
			this.toasts.say('Merged. The other note is in the trash, whole.', { label: 'Undo', run });
		});
	};

	addTag = async (noteId: string, tag: string): Promise<void> => {
		await this.taking.run(async () => {
			await this.suggestions.addTags(noteId, [tag]);
			this.#dropTag(noteId, tag);
		});
	};

	async #undo(done: MergeDone): Promise<void> {
		try {
			this.toasts.say(undoneWords[await this.suggestions.undo(done)]);
		} catch (error) {
			this.toasts.fail('The merge was not undone.', error);
		}
	}

	/** A note that went is in no other pair. */
	#drop(noteId: string): void {
		this.#shown = null;
		if (!this.#found) return;
		this.#found = {
			...this.#found,
			pairs: this.#found.pairs.filter(({ a, b }) => a.noteId !== noteId && b.noteId !== noteId),
			tags: this.#found.tags.filter((note) => note.noteId !== noteId)
		};
	}

	#dropTag(noteId: string, tag: string): void {
		if (!this.#found) return;
		const tags = this.#found.tags
			.map((note) =>
				note.noteId === noteId
					? { ...note, tags: note.tags.filter((one) => one.tag !== tag) }
					: note
			)
			.filter((note) => note.tags.length > 0);
		this.#found = { ...this.#found, tags };
	}
}
