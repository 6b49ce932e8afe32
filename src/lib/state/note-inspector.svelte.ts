import type { NoteInspection, VectorCareService } from '$lib/services/vector-care-service';
import { presentError, type PresentedError } from '$lib/services/error-presentation';

/** The vectors of one note, and how near a typed query is to each of its passages. */
export class NoteInspectorState {
	#noteId: string | null = null;
	#note = $state.raw<NoteInspection | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	#near = $state.raw<readonly (number | null)[] | null>(null);
	query = $state('');

	constructor(private readonly care: VectorCareService) {}

	/** Null until it was read. */
	get note(): NoteInspection | null {
		return this.#note;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	/** In the order of the passages, null for one that cannot be compared; null before a query. */
	get near(): readonly (number | null)[] | null {
		return this.#near;
	}

	show = async (noteId: string | null): Promise<void> => {
		this.#noteId = noteId;
		this.#note = null;
		this.#near = null;
		this.#error = null;
		if (noteId === null) return;
		try {
			const found = await this.care.inspect(noteId);
			if (noteId === this.#noteId) this.#note = found;
		} catch (thrown) {
			if (noteId === this.#noteId) this.#error = presentError(thrown);
		}
	};

	compare = async (): Promise<void> => {
		const note = this.#note;
		const query = this.query.trim();
		if (!note || query === '') return;
		try {
			const near = await this.care.compare(note, query);
			if (note !== this.#note) return;
			this.#near = near;
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};
}
