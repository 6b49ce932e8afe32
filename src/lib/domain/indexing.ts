import type { VectorSlot } from './vector-set';

/** Counts notes outside the trash. `indexed + missing + stale + failed + skipped = total`. */
export interface EmbeddingCounts {
	/** Version key of the active model. */
	readonly model: string;
	readonly total: number;
	readonly indexed: number;
	readonly missing: number;
	readonly stale: number;
	readonly failed: number;
	readonly skipped: number;
	/** Passages, of all these notes, that hold nothing that the model can read: words alone find them. */
	readonly unreadablePassages: number;
}

export interface EmbeddingStatus extends EmbeddingCounts {
	readonly reasons: readonly EmbeddingReason[];
}

/** Why meaning search does not cover a note, in the order that a list offers them. */
export const missingReasons = [
	'no-vector',
	'changed',
	'other-model',
	'wrong-size',
	'nan',
	'zero',
	'failed',
	'empty',
	'too-long',
	'excluded'
] as const;

export type MissingReason = (typeof missingReasons)[number];

/** A stretch of the notes that meaning search does not cover. */
export interface ReasonQuery {
	/** Null for all reasons. */
	readonly reason: MissingReason | null;
	readonly offset: number;
	readonly limit: number;
}

/** One look at the index: the counts, and the stretch that was asked for. */
export interface ReasonPage {
	readonly counts: EmbeddingCounts;
	/** Adds up to all notes that are not indexed. */
	readonly byReason: Readonly<Record<MissingReason, number>>;
	/** How many notes have the reason asked for. */
	readonly total: number;
	readonly reasons: readonly EmbeddingReason[];
}

export interface EmbeddingReason {
	readonly noteId: string;
	readonly title: string;
	readonly reason: MissingReason;
	readonly message: string;
}

export type JobKind =
	'regenerate-missing' | 'regenerate-all' | 'regenerate-failed' | 'regenerate-notes' | 'new-model';

/** Passages that the model may be given at once. */
export const largestBatch = 1_024;

export interface JobOrder {
	readonly kind: JobKind;
	/** For `regenerate-notes`: which. */
	readonly noteIds?: readonly string[];
	/** Rests while the user is busy with the app. */
	readonly whenIdle?: boolean;
	/** Passages to a batch, at most `largestBatch`; without it the measured speed decides. */
	readonly batchSize?: number | null;
}

/** Only the vectors of a new model go into the set that is to come. */
export const slotOf = (kind: JobKind): VectorSlot => (kind === 'new-model' ? 'next' : 'active');

export type JobState = 'running' | 'paused' | 'done' | 'cancelled' | 'failed';

/** Counts are notes, not passages. */
export interface IndexJob {
	readonly id: string;
	readonly kind: JobKind;
	/** Version key of the model whose vectors it makes; empty when no model was there yet. */
	readonly model: string;
	readonly state: JobState;
	readonly done: number;
	readonly total: number;
	readonly failed: number;
	readonly skipped: number;
	readonly ratePerSecond: number | null;
	readonly startedAtMs: number;
	readonly finishedAtMs: number | null;
	readonly whenIdle: boolean;
	readonly batchSize: number | null;
}

/** A live figure for the shell: what is waiting and how fast it goes. */
export interface IndexProgress {
	readonly pendingNotes: number;
	readonly pendingPassages: number;
	/** Null while nothing is read. */
	readonly notesPerSecond: number | null;
	/** As it was when a note was read last in this session; null before the first. */
	readonly lastNotesPerSecond: number | null;
	readonly paused: boolean;
	/** The job waits until the user pauses; what was just edited is read all the same. */
	readonly resting: boolean;
	/** Passages that wait for a vector of the model that is to come; null when there is no such model. */
	readonly next: { readonly pendingPassages: number; readonly paused: boolean } | null;
}

export interface NoteEmbedding {
	readonly noteId: string;
	readonly model: string;
	readonly dimensions: number;
	readonly chunks: readonly {
		readonly text: string;
		readonly norm: number;
		readonly vector: readonly number[];
	}[];
}
