import type { Device, EmbedApi, EmbedEvent, LoadedModel } from '$lib/protocol/embed-api';
import { defaultModelId, toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { AppError, toAppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import type { Logger, LogEntry } from '$lib/shared/logger';
import { proxy, transfer } from 'comlink';
import type { QueryVector } from './search-service';

/** State of the model and of the work it does, as the page shows it. */
export interface ModelState {
	readonly phase: 'starting' | 'ready' | 'failed' | 'stopped';
	readonly modelId: string;
	readonly versionKey: string | null;
	readonly device: Device | null;
	readonly loadMs: number | null;
	readonly selfTestCosine: number | null;
	/** Plain words when it failed or fell back to another device. */
	readonly message: string | null;
}

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
	worker(): Promise<WorkerHandle<EmbedApi>['api']>;
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
	readonly devices: () => Promise<readonly Device[]>;
	readonly threads: number;
	readonly allowSoftwareAdapter: boolean;
	readonly log: Logger;
	readonly onLog: (entry: LogEntry) => void;
	/** A batch of the index was read; for the metrics. */
	readonly onEmbedded?: (passages: number, tookMs: number) => void;
}

/** After so many broken workers in one session something is wrong with the machine: stop trying. */
const mostRestarts = 3;

export const createEmbedder = (deps: EmbedderDeps): Embedder => new RestartingEmbedder(deps);

class RestartingEmbedder implements Embedder {
	readonly #changed = createEmitter<void>();
	readonly onChanged = this.#changed.subscribe;
	#handle: WorkerHandle<EmbedApi> | null = null;
	#restarts = 0;
	#isWanted = false;
	#batchSize: number | null = null;
	#modelId = defaultModelId;
	#state: ModelState = stateOf('stopped', defaultModelId);

	constructor(private readonly deps: EmbedderDeps) {
		deps.notebook.onRestarted(() => {
			if (this.#isWanted) void this.#reload('The notebook was opened again.');
		});
		deps.notebook.onEvent((event) => event.type === 'replaced' && void this.#followRestore());
	}

	get state(): ModelState {
		return this.#state;
	}

	async start(): Promise<void> {
		this.#isWanted = true;
		await this.#load(null, null);
	}

	async restart(reason: string): Promise<void> {
		this.#isWanted = true;
		this.#restarts = 0;
		await this.#reload(reason);
	}

	wake(): void {
		if (this.#state.phase !== 'ready') return;
		this.#handle?.api.wake().catch(() => undefined); // its death is handled where it is watched
	}

	async setBatchSize(passages: number | null): Promise<void> {
		this.#batchSize = passages;
		await this.#handle?.api.setBatchSize(passages);
	}

	async embedQuery(text: string): Promise<QueryVector | null> {
		await this.settled();
		const { phase, versionKey } = this.#state;
		if (phase !== 'ready' || versionKey === null || !this.#handle) return null;
		try {
			return { vector: await this.#handle.api.embedQuery(text), versionKey };
		} catch (error) {
			this.deps.log.warning('a query was not embedded', { code: toAppError(error).code });
			return null;
		}
	}

	async embedPassages(texts: readonly string[]): Promise<readonly (Float32Array | null)[]> {
		await this.settled();
		if (this.#state.phase !== 'ready' || !this.#handle) {
			throw new AppError('model-missing', 'The model is not ready.');
		}
		return this.#handle.api.embedPassages(texts);
	}

	async worker(): Promise<WorkerHandle<EmbedApi>['api']> {
		await this.settled();
		if (this.#handle) return this.#handle.api;
		const fresh = await this.#startWorker();
		// The model may have begun to start meanwhile: its worker must not be replaced by an empty one.
		const running = this.#handle as WorkerHandle<EmbedApi> | null;
		if (running) fresh.terminate('Another worker was there first.');
		this.#handle = running ?? fresh;
		return this.#handle.api;
	}

	async stop(reason: string): Promise<void> {
		this.#isWanted = false;
		await this.#handle?.api.stop().catch(() => undefined);
		this.#drop(reason);
		this.#show(stateOf('stopped', this.#modelId));
	}

	async settled(): Promise<void> {
		while (this.#state.phase === 'starting') {
			const { promise, resolve } = Promise.withResolvers<void>();
			const stop = this.#changed.subscribe(resolve);
			await promise;
			stop();
		}
	}

	#show(next: ModelState): void {
		this.#state = next;
		this.#changed.emit();
	}

	async #startWorker(): Promise<WorkerHandle<EmbedApi>> {
		const fresh = this.deps.startWorker();
		await fresh.api.subscribe(proxy((event: EmbedEvent) => this.#onEvent(fresh, event)));
		void fresh.died.then((reason) => {
			if (this.#handle === fresh) void this.#replace(reason.message);
		});
		return fresh;
	}

	#onEvent(from: WorkerHandle<EmbedApi>, event: EmbedEvent): void {
		if (event.type === 'log') this.deps.onLog(event.entry);
		if (event.type === 'passages-embedded' && event.passages > 0) {
			this.deps.onEmbedded?.(event.passages, event.tookMs);
		}
		if (event.type === 'broken' && this.#handle === from) void this.#replace(event.message);
	}

	#drop(reason: string): void {
		const old = this.#handle;
		this.#handle = null;
		old?.terminate(reason);
	}

	async #replace(reason: string): Promise<void> {
		this.deps.log.warning('the embed worker ended', { reason, restarts: this.#restarts });
		const { device } = this.#state;
		this.#drop(reason);
		this.#restarts += 1;
		if (this.#restarts > mostRestarts) {
			this.#show({ ...stateOf('failed', this.#modelId), message: reason });
		} else {
			await this.#load(device === 'webgpu' ? ['wasm'] : null, reason);
		}
	}

	/** A restored notebook may name another model: its vectors are of that one. */
	async #followRestore(): Promise<void> {
		if (!this.#isWanted) return;
		const named = await this.deps.modelId().catch(() => this.#modelId);
		if (named !== this.#modelId) await this.#reload('The restored notebook uses another model.');
	}

	async #reload(reason: string): Promise<void> {
		this.#drop(reason);
		await this.#load(null, null);
	}

	async #load(devices: readonly Device[] | null, reason: string | null): Promise<void> {
		this.#show(stateOf('starting', this.#modelId));
		this.#modelId = await this.deps.modelId().catch(() => this.#modelId);
		this.#show(stateOf('starting', this.#modelId));
		let message = reason;
		for (const device of devices ?? (await this.deps.devices())) {
			try {
				await this.#attempt(device, message);
				return;
			} catch (error) {
				const { code, message: why } = toAppError(error);
				message = `${device}: ${why}`;
				this.deps.log.warning('the model did not start', { device, code });
				this.#drop(message);
			}
		}
		this.#show({ ...stateOf('failed', this.#modelId), message });
	}

	async #attempt(device: Device, message: string | null): Promise<void> {
		const { baseUrl, threads, allowSoftwareAdapter } = this.deps;
		const fresh = await this.#startWorker();
		this.#drop('A worker with the model takes its place.');
		this.#handle = fresh;
		const request = { modelId: this.#modelId, device, baseUrl, threads, allowSoftwareAdapter };
		const loaded = await fresh.api.loadModel(request);
		await fresh.api.setBatchSize(this.#batchSize);
		await this.#connect(fresh, loaded);
		this.#show({ ...readyState(loaded), message });
		this.wake();
	}

	/** Vectors never cross the page: the two workers get the ends of one channel. */
	async #connect(to: WorkerHandle<EmbedApi>, loaded: LoadedModel): Promise<void> {
		const { port1, port2 } = new MessageChannel();
		await this.deps.notebook.db.connectEmbedder(transfer(port1, [port1]));
		await to.api.connectIndexQueue(transfer(port2, [port2]));
		await this.deps.register(loaded.version);
	}
}

const stateOf = (phase: ModelState['phase'], modelId: string): ModelState => ({
	phase,
	modelId,
	versionKey: null,
	device: null,
	loadMs: null,
	selfTestCosine: null,
	message: null
});

const readyState = ({ version, device, loadMs, selfTestCosine }: LoadedModel): ModelState => ({
	phase: 'ready',
	modelId: version.modelId,
	versionKey: toVersionKey(version),
	device,
	loadMs,
	selfTestCosine,
	message: null
});
