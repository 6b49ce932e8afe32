import type {
	EmbeddingStatus,
	IndexJob,
	IndexProgress,
	JobKind,
	NoteEmbedding
} from '$lib/domain/indexing';

/** State of the model and of the work it does, as the page shows it. */
export interface ModelState {
	readonly phase: 'starting' | 'ready' | 'failed' | 'stopped';
	readonly modelId: string;
	readonly versionKey: string | null;
	readonly device: 'webgpu' | 'wasm' | null;
	readonly loadMs: number | null;
	/** Plain words when it failed or fell back to another device. */
	readonly message: string | null;
}

export interface IndexingService {
	/** The current figures, at once; updated through `onChanged`. */
	readonly progress: IndexProgress;
	readonly model: ModelState;
	onChanged(listener: () => void): () => void;
	status(noteId?: string): Promise<EmbeddingStatus>;
	embedding(noteId: string): Promise<NoteEmbedding>;
	jobs(): Promise<readonly IndexJob[]>;
	start(kind: JobKind, batchSize?: number | null): Promise<IndexJob>;
	/** Resolves when the job has ended, with its last figures. */
	finished(jobId: string): Promise<IndexJob>;
	pause(jobId: string): Promise<IndexJob>;
	resume(jobId: string): Promise<IndexJob>;
	cancel(jobId: string): Promise<IndexJob>;
	retryFailed(): Promise<number>;
}
