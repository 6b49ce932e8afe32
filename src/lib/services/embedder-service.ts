import type { Device, EmbedApi, EmbedEvent } from '$lib/protocol/embed-api';
import { defaultModelId } from '$lib/domain/embedding-version';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { AppError, toAppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { minuteMs } from '$lib/shared/time';
import { callsOf, loadAndConnect, startListening } from './embed-thread';
import type { Embedder, EmbedderDeps, WorkerCalls } from './embedder';
import { createIdleTimer } from './idle-timer';
import { readyState, stateOf, untilStarted, type ModelState } from './model-state';
import type { QueryVector } from './search-service';

/** After so many broken workers in one session something is wrong with the machine: stop trying. */
const mostRestarts = 3;

/** The memory of a model's thread never shrinks; after so long without a question it is given back. */
const idleLimitMs = 5 * minuteMs;

const superseded = 'Another start or a stop came after it.';

export const createEmbedder = (deps: EmbedderDeps): Embedder => new RestartingEmbedder(deps);

class RestartingEmbedder implements Embedder {
	readonly #changed = createEmitter<void>();
	readonly onChanged = this.#changed.subscribe;
	#handle: WorkerHandle<EmbedApi> | null = null;
	#restarts = 0;
	#isWanted = false;
	/** Counts loads and stops: an older load that goes on finds that it is over. */
	#generation = 0;
	#batchSize: number | null = null;
	#modelId = defaultModelId;
	#state: ModelState = stateOf('stopped', defaultModelId);
	readonly #idle = createIdleTimer(idleLimitMs, () => this.#sleep());

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
		await this.settled();
	}

	async restart(reason: string): Promise<void> {
		this.#isWanted = true;
		this.#restarts = 0;
		await this.#reload(reason);
		await this.settled();
	}

	wake(): void {
		if (this.#state.phase !== 'ready') return;
		// A start wakes the index by itself.
		if (this.#state.isAsleep) return void this.#awake();
		this.#idle.touch();
		this.#handle?.api.wake().catch(() => undefined); // its death is handled where it is watched
	}

	async setBatchSize(passages: number | null): Promise<void> {
		this.#batchSize = passages;
		await this.#handle?.api.setBatchSize(passages);
	}

	async embedQuery(text: string): Promise<QueryVector | null> {
		await this.#awake();
		const { phase, versionKey } = this.#state;
		if (phase !== 'ready' || versionKey === null || !this.#handle) return null;
		try {
			return { vector: await this.#idle.during(this.#handle.api.embedQuery(text)), versionKey };
		} catch (error) {
			this.deps.log.warning('a query was not embedded', { code: toAppError(error).code });
			return null;
		}
	}

	async embedPassages(texts: readonly string[]): Promise<readonly (Float32Array | null)[]> {
		await this.#awake();
		if (this.#state.phase !== 'ready' || !this.#handle) {
			throw new AppError('model-missing', 'The model is not ready.');
		}
		return this.#idle.during(this.#handle.api.embedPassages(texts));
	}

	async worker(): Promise<WorkerCalls> {
		await this.settled();
		if (!this.#handle) {
			const fresh = await this.#startWorker();
			// The model may have begun to start meanwhile: its worker must not be replaced by an empty one.
			const running = this.#handle as WorkerHandle<EmbedApi> | null;
			if (running) fresh.terminate('Another worker was there first.');
			this.#handle = running ?? fresh;
		}
		return callsOf(this.#handle, this.#idle);
	}

	async stop(reason: string): Promise<void> {
		this.#isWanted = false;
		const generation = (this.#generation += 1);
		const old = this.#handle;
		await old?.api.stop().catch(() => undefined);
		if (generation !== this.#generation) return;
		this.#drop(reason);
		this.#show({ ...stateOf('stopped', this.#modelId), message: reason });
	}

	settled = async (): Promise<void> => untilStarted(() => this.#state, this.onChanged);

	/** Ready to answer, or settled in another state. */
	async #awake(): Promise<void> {
		await this.settled();
		if (this.#state.isAsleep) await this.#load(null, null);
		// Another caller may have begun the start.
		await this.settled();
		this.#idle.touch();
	}

	#sleep(): void {
		if (this.#state.phase === 'starting' || !this.#handle) return;
		this.deps.log.info('the embed worker was ended for lack of work');
		this.#drop('Nobody asked it anything.');
		if (this.#state.phase === 'ready') this.#show({ ...this.#state, isAsleep: true });
	}

	#show(next: ModelState): void {
		this.#state = next;
		this.#changed.emit();
	}

	async #startWorker(): Promise<WorkerHandle<EmbedApi>> {
		return startListening(
			this.deps.startWorker,
			(from, event) => this.#onEvent(from, event),
			(from, reason) => this.#lose(from, reason)
		);
	}

	#onEvent(from: WorkerHandle<EmbedApi>, event: EmbedEvent): void {
		if (event.type === 'log') this.deps.onLog(event.entry);
		if (event.type === 'indexing' && this.#handle === from) {
			this.#idle.hold(event.state === 'working');
		}
		if (event.type === 'passages-embedded' && event.passages > 0) {
			this.deps.onEmbedded?.(event.passages, event.tookMs);
		}
		if (event.type === 'broken') this.#lose(from, event.message);
	}

	/** While it is being started the load itself sees it and goes on with the next device. */
	#lose(worker: WorkerHandle<EmbedApi>, reason: string): void {
		if (this.#handle !== worker) return;
		if (this.#state.phase === 'starting') this.#drop(reason);
		else void this.#replace(reason);
	}

	#drop(reason: string): void {
		const old = this.#handle;
		this.#handle = null;
		this.#idle.stop();
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
		const generation = (this.#generation += 1);
		const isOver = (): boolean => generation !== this.#generation;
		this.#show(stateOf('starting', this.#modelId));
		const modelId = await this.deps.modelId().catch(() => this.#modelId);
		if (isOver()) return;
		this.#modelId = modelId;
		this.#show(stateOf('starting', modelId));
		let message = reason;
		const choice = devices ?? (await this.deps.devices(modelId).catch(() => ['wasm'] as const));
		for (const device of choice) {
			if (isOver()) return;
			try {
				await this.#attempt(device, message, isOver);
				return;
			} catch (error) {
				if (isOver()) return;
				const { code, message: why } = toAppError(error);
				message = `${device}: ${why}`;
				this.deps.log.warning('the model did not start', { device, code });
			}
		}
		if (isOver()) return;
		this.#show({ ...stateOf('failed', this.#modelId), message });
	}

	/** Rejects when the worker is not the one in use any more: nothing that it did then counts. */
	async #attempt(device: Device, message: string | null, isOver: () => boolean): Promise<void> {
		const fresh = await this.#startWorker();
		if (isOver()) {
			fresh.terminate(superseded);
			throw new AppError('cancelled', superseded);
		}
		this.#drop('A worker with the model takes its place.');
		this.#handle = fresh;
		const order = { modelId: this.#modelId, device, batchSize: this.#batchSize };
		try {
			const loaded = await loadAndConnect(this.deps, fresh, order, () =>
				this.#assertInUse(fresh, isOver)
			);
			this.#assertInUse(fresh, isOver);
			this.#show({ ...readyState(loaded), message });
			this.#idle.touch();
			this.wake();
		} catch (thrown) {
			const reason = toAppError(thrown).message;
			if (this.#handle === fresh && !isOver()) this.#drop(reason);
			if (this.#handle !== fresh) fresh.terminate(reason);
			throw thrown;
		}
	}

	#assertInUse(worker: WorkerHandle<EmbedApi>, isOver: () => boolean): void {
		if (this.#handle !== worker || isOver()) throw new AppError('cancelled', superseded);
	}
}
