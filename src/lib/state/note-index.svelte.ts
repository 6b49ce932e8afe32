import { sayUnreadable } from '$lib/domain/index-rules';
import type { IndexState } from '$lib/domain/note';
import type { EmbeddingStatus } from '$lib/domain/indexing';
import type { IndexingService } from '$lib/services/indexing-service';
import type { NoteService } from '$lib/services/note-service';

export interface NoteStanding {
	readonly state: IndexState;
	/** Why it is not covered, or not wholly, in one sentence; empty when all of it is. */
	readonly why: string;
}

/** Often enough that a mark is fresh within a second of the work. */
const pauseMs = 400;

/** Whether meaning search knows the open note as it is on disk. Follows events; asks for one note. */
export class NoteIndexState {
	#noteId: string | null = null;
	#standing = $state.raw<NoteStanding | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#askedAtMs = -Infinity;

	constructor(
		notes: NoteService,
		private readonly indexing: IndexingService
	) {
		notes.onChanged((ids) => {
			if (this.#noteId === null || (ids !== 'all' && !ids.includes(this.#noteId))) return;
			clearTimeout(this.#timer);
			void this.#ask();
		});
		indexing.onChanged(() => this.#soon());
	}

	/** Null until the first answer. */
	get standing(): NoteStanding | null {
		return this.#standing;
	}

	show(noteId: string | null): void {
		if (noteId === this.#noteId) return;
		this.#noteId = noteId;
		this.#standing = null;
		void this.#ask();
	}

	#soon(): void {
		if (this.#noteId === null) return;
		clearTimeout(this.#timer);
		const waitMs = Math.max(0, this.#askedAtMs + pauseMs - performance.now());
		this.#timer = setTimeout(() => void this.#ask(), waitMs);
	}

	async #ask(): Promise<void> {
		const noteId = this.#noteId;
		if (noteId === null) return;
		this.#askedAtMs = performance.now();
		// A note that is gone, or a notebook that is closed: the editor says so.
		const status = await this.indexing.status(noteId).catch(() => null);
		if (noteId === this.#noteId) this.#standing = status && toStanding(status);
	}
}

const toStanding = (status: EmbeddingStatus): NoteStanding | null => {
	const { total, indexed, failed, skipped, reasons } = status;
	if (total === 0) return null; // in the trash
	const why = reasons[0]?.message ?? '';
	if (indexed > 0) return { state: 'indexed', why: sayUnreadable(status) };
	if (failed > 0) return { state: 'failed', why };
	return { state: skipped > 0 ? 'skipped' : 'pending', why };
};
