import type { EmbeddingVersion } from '$lib/domain/embedding-version';
import type { FileStatus, ModelDtype } from '$lib/domain/model-files';
import type { LogEntry } from '$lib/shared/logger';

export type Device = 'webgpu' | 'wasm';

export interface LoadModelRequest {
	readonly modelId: string;
	readonly device: Device;
	/** Absolute URL of the folder that holds `models/`, with a slash at the end. */
	readonly baseUrl: string;
	/** Threads for WASM: more than 1 only when the page is isolated. */
	readonly threads: number;
	/** Accept a software adapter (SwiftShader): tests only. */
	readonly allowSoftwareAdapter: boolean;
}

export interface LoadedModel {
	readonly version: EmbeddingVersion;
	readonly device: Device;
	readonly loadMs: number;
	/** Lowest cosine of the self-test sentences against the stored vectors. */
	readonly selfTestCosine: number;
}

export interface ModelListing {
	readonly id: string;
	readonly title: string;
	readonly dimensions: number;
	readonly bytes: number;
	readonly cachedBytes: number;
	/** All files are in the cache with the right hash. */
	readonly complete: boolean;
	readonly bundled: boolean;
	readonly languages: string;
	readonly licence: string;
	/** What it is good for. */
	readonly about: string;
	/** The models whose files it is made of: itself alone, or several joined. */
	readonly parts: readonly string[];
	/** Empty until the list of files is known. */
	readonly files: readonly FileStatus[];
	/** `bytes` is what the files have; else what the catalogue estimates. */
	readonly isSizeExact: boolean;
	/** Of a download that was not finished. */
	readonly partialBytes: number;
	/** How its weights are stored; null until its files are here. */
	readonly dtype: string | null;
	/** Where the files came from; null for a model of the app, and until its files are here. */
	readonly from: string | null;
	/** For a model that can be downloaded: bytes of each variant, about. */
	readonly variants: Readonly<Record<ModelDtype, number>> | null;
}

export type EmbedEvent =
	| { readonly type: 'indexing'; readonly state: 'working' | 'idle' | 'stopped' }
	| { readonly type: 'passages-embedded'; readonly passages: number; readonly tookMs: number }
	/** A run failed in a way that poisons this worker: the page must start a fresh one. */
	| { readonly type: 'broken'; readonly message: string }
	| { readonly type: 'log'; readonly entry: LogEntry };

/** The page's door to the embed worker. One worker serves one device attempt: see RELIABILITY.md 4. */
export interface EmbedApi {
	subscribe(listener: (event: EmbedEvent) => void): Promise<void>;
	/** Fetches (or reads from the cache), checks hashes, starts the session, runs the self-test. */
	loadModel(request: LoadModelRequest): Promise<LoadedModel>;
	/** Takes the worker's end of the channel to the database worker (IndexQueueApi). */
	connectIndexQueue(port: MessagePort): Promise<void>;
	/** One query as a unit vector. Goes before waiting index batches. */
	embedQuery(text: string): Promise<Float32Array>;
	/**
	 * Passages as unit vectors, null where there is nothing to read: for measuring and checking. Goes after
	 * queries; the index has its own way.
	 */
	embedPassages(texts: readonly string[]): Promise<(Float32Array | null)[]>;
	/** Works until the queue is empty, then waits for the next `wake`. Repeated calls are harmless. */
	wake(): Promise<void>;
	/** Stops after the batch in hand. */
	stop(): Promise<void>;
	/** Passages per batch; null chooses by length and measured speed. */
	setBatchSize(passages: number | null): Promise<void>;
	listModels(baseUrl: string): Promise<readonly ModelListing[]>;
	/**
	 * Brings the files of a model of the app into the cache, without starting it; their bytes. Rejects
	 * with `model-missing` or `model-invalid`.
	 */
	fetchModel(baseUrl: string, modelId: string): Promise<number>;
	/** Bytes freed. Null clears all models. */
	clearModelCache(modelId: string | null): Promise<number>;
}
