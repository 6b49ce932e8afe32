/** A passage waiting for its vector. `text` is what the model reads: title, blank line, passage. */
export interface PendingPassage {
	readonly chunkId: number;
	/** Hash of the text, given back with the vector: a passage that changed meanwhile is not overwritten. */
	readonly hash: string;
	readonly text: string;
}

export interface PassageVector {
	readonly chunkId: number;
	readonly hash: string;
	/** Unit length, float32. */
	readonly vector: Float32Array;
}

/** A verdict counts only as long as the passage has the text that was read. */
export type ClaimedPassage = Pick<PendingPassage, 'chunkId' | 'hash'>;

/** What the embed worker sees of the database worker, over the port transferred at start. */
export interface IndexQueueApi {
	/** Up to `limit` passages that are due, edited notes first; empty when there is nothing or a job is paused. */
	claim(versionKey: string, limit: number): Promise<readonly PendingPassage[]>;
	saveVectors(versionKey: string, vectors: readonly PassageVector[]): Promise<void>;
	/** Counts one strike. After the third the passage is failed until the user retries. */
	markFailed(versionKey: string, passage: ClaimedPassage, message: string): Promise<void>;
	/** The passage has nothing the model can read (zero vector): its note counts as skipped. */
	markUnreadable(versionKey: string, passage: ClaimedPassage, message: string): Promise<void>;
}
