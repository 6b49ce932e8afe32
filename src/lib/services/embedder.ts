import type { EmbeddingVersion } from '$lib/domain/embedding-version';
import type { Device, EmbedApi } from '$lib/protocol/embed-api';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import type { Logger, LogEntry } from '$lib/shared/logger';
import type { ModelState } from './model-state';
import type { QueryVector } from './search-service';

export type { ModelState } from './model-state';

/** What a worker does without a loaded model. */
export type WorkerCalls = Pick<EmbedApi, 'listModels' | 'fetchModel' | 'clearModelCache'>;

/** The running model: one worker at a time, a fresh one for each device attempt. */
export interface Embedder {
	readonly state: ModelState;
	onChanged(listener: () => void): () => void;
	/** Loads the model and connects it to the notebook. Never rejects: the state tells. */
	start(): Promise<void>;
	/** Waits while the model is being started; how that ended is in `state`. */
	settled(): Promise<void>;
	/** Works off the queue; repeated calls are harmless. */
	wake(): void;
	setBatchSize(passages: number | null): Promise<void>;
	/** Waits while the model is being started; null when none can answer. */
	embedQuery(text: string): Promise<QueryVector | null>;
	/** Passages as the index would embed them. Rejects with `model-missing` when no model can answer. */
	embedPassages(texts: readonly string[]): Promise<readonly (Float32Array | null)[]>;
	/** The worker's own calls that need no loaded model (list, clear); starts a worker if none runs. */
	worker(): Promise<WorkerCalls>;
	stop(reason: string): Promise<void>;
	/** Ends the worker and loads the model that the notebook names now. Never rejects. */
	restart(reason: string): Promise<void>;
}

export interface EmbedderDeps {
	readonly notebook: NotebookClient;
	readonly startWorker: () => WorkerHandle<EmbedApi>;
	/** The model that is to run: the one that the open notebook uses, or the one that is to come. */
	readonly modelId: () => Promise<string>;
	/** Tells the notebook which version runs, so that passages are queued for it. */
	readonly register: (version: EmbeddingVersion) => Promise<void>;
	readonly baseUrl: string;
	/** Devices worth trying on this machine, best first; `wasm` is always the last. */
	readonly devices: (modelId: string) => Promise<readonly Device[]>;
	readonly threads: number;
	readonly allowSoftwareAdapter: boolean;
	readonly log: Logger;
	readonly onLog: (entry: LogEntry) => void;
	/** A batch of the index was read; for the metrics. */
	readonly onEmbedded?: (passages: number, tookMs: number) => void;
}
