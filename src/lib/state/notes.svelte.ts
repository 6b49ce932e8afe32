import type { Note, NoteListQuery, NoteSort, NoteSummary, TagCount } from '$lib/domain/note';
import type { IndexingService } from '$lib/services/indexing-service';
import type { NoteService } from '$lib/services/note-service';
import { errorText } from './error-text';
import { NotesPages } from './notes-pages.svelte';
import { readPreference, writePreference } from './shell-preferences';
import type { ToastsState } from './toasts.svelte';

export type NotesView = 'all' | 'pinned' | 'trash';

/** An import announces every batch: the list follows at this pace. */
const followMs = 150;
/** The marks of the rows in view are fresh well within two seconds of the work. */
const followIndexMs = 700;

const storedSort = (): NoteSort => {
	const stored = readPreference('sort');
	return stored === 'created' || stored === 'title' ? stored : 'updated';
};

/** The list of notes: what is shown, in which order, and what can be done with a row. */
export class NotesState {
	#sort = $state<NoteSort>(storedSort());
	#tag = $state<string | null>(null);
	#view = $state<NotesView>('all');
	#tags = $state.raw<readonly TagCount[]>([]);
	#error = $state<string | null>(null);
	readonly #followNotes = createFollower(followMs, () => void this.load());
	readonly #followIndex = createFollower(followIndexMs, () => void this.#loadRows());
	readonly #pages: NotesPages;
	readonly query = $derived<Omit<NoteListQuery, 'offset' | 'limit'>>({
		sort: this.#sort,
		...(this.#tag === null ? {} : { tag: this.#tag }),
		...(this.#view === 'trash' ? { trash: true } : {}),
		...(this.#view === 'pinned' ? { pinnedOnly: true } : {})
	});

	constructor(
		private readonly notes: NoteService,
		indexing: IndexingService,
		private readonly toasts: ToastsState
	) {
		this.#pages = new NotesPages(
			(query) => notes.list(query),
			(error) => (this.#error = errorText(error))
		);
		notes.onChanged(this.#followNotes);
		indexing.onChanged(this.#followIndex);
	}

	get total(): number | null {
		return this.#pages.total;
	}

	get tags(): readonly TagCount[] {
		return this.#tags;
	}

	get error(): string | null {
		return this.#error;
	}

	get sort(): NoteSort {
		return this.#sort;
	}

	set sort(sort: NoteSort) {
		this.#sort = sort;
		writePreference('sort', sort);
		void this.#reset();
	}

	get tag(): string | null {
		return this.#tag;
	}

	set tag(tag: string | null) {
		this.#tag = tag;
		void this.#reset();
	}

	get view(): NotesView {
		return this.#view;
	}

	set view(view: NotesView) {
		this.#view = view;
		this.#tag = null;
		void this.#reset();
	}

	at(index: number): NoteSummary | undefined {
		return this.#pages.at(index);
	}

	indexOf(id: string): number {
		return this.#pages.indexOf(id);
	}

	show(first: number, last: number): void {
		void this.#pages.show(this.query, first, last);
	}

	/** First load, a retry, and after the notebook was replaced. */
	load = async (): Promise<void> => {
		this.#error = null;
		await Promise.all([this.#loadRows(), this.#loadTags()]);
	};

	async #loadRows(): Promise<void> {
		await this.#pages.refresh(this.query);
	}

	create = async (): Promise<Note | null> => {
		try {
			if (this.#view === 'trash') this.view = 'all';
			return await this.notes.create(this.#tag === null ? {} : { tags: [this.#tag] });
		} catch (error) {
			this.toasts.fail('No new note was made.', error);
			return null;
		}
	};

	async setPinned(id: string, pinned: boolean): Promise<void> {
		await this.#act('The pin was not changed.', () => this.notes.setPinned(id, pinned));
	}

	/** To the trash, with a way back. */
	async trash(id: string): Promise<boolean> {
		const done = await this.#act('The note was not moved.', () => this.notes.trash(id));
		if (done) {
			const run = (): void => void this.untrash(id);
			this.toasts.say('Moved to the trash.', { label: 'Undo', run });
		}
		return done;
	}

	untrash(id: string): Promise<boolean> {
		return this.#act('The note stays in the trash.', () => this.notes.untrash(id));
	}

	deleteForever(id: string): Promise<boolean> {
		return this.#act('The note was not deleted.', () => this.notes.deleteForever([id]));
	}

	async #act(failure: string, action: () => Promise<unknown>): Promise<boolean> {
		try {
			await action();
			return true;
		} catch (error) {
			this.toasts.fail(failure, error);
			return false;
		}
	}

	async #reset(): Promise<void> {
		this.#error = null;
		await this.#pages.reset(this.query);
	}

	async #loadTags(): Promise<void> {
		try {
			this.#tags = await this.notes.tags();
		} catch {
			// The list itself reports that the notebook cannot be read.
		}
	}
}

/** Many announcements are one look, at the end of a short wait that the first of them began. */
const createFollower = (waitMs: number, look: () => void): (() => void) => {
	let timer: ReturnType<typeof setTimeout> | null = null;
	return () => {
		timer ??= setTimeout(() => {
			timer = null;
			look();
		}, waitMs);
	};
};
