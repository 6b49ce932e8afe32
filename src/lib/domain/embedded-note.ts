import type { Note } from './note';

/** A passage as another database takes it. */
export interface EmbeddedPassage {
	readonly id: number;
	/** Its place in the note, from 0. */
	readonly ordinal: number;
	/** What the model read: title and passage, without Markdown signs. */
	readonly text: string;
	/** Null while it has no usable vector of the active model. */
	readonly vector: Float32Array | null;
}

/** A note with everything that meaning search needs of it. */
export interface EmbeddedNote {
	readonly note: Note;
	readonly passages: readonly EmbeddedPassage[];
}

/** A slice of the notes, all vectors of one model. */
export interface EmbeddedSlice {
	/** Version key of the active model; empty before the first one. */
	readonly model: string;
	/** 0 before the first model. */
	readonly dimensions: number;
	readonly notes: readonly EmbeddedNote[];
}
