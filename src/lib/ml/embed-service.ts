import type { EmbedApi, EmbedEvent } from '$lib/protocol/embed-api';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { createLogger, type Logger } from '$lib/shared/logger';
import { createIndexingLoop, type IndexingLoop } from './indexing-loop';
import { clearModel, fetchModel, listModels, type ListingDeps } from './model-listing';
import { waitOrAbort } from './retry-wait';
import { startModel, type RunningModel, type StartModelDeps } from './running-model';

export interface EmbedServiceDeps extends StartModelDeps, ListingDeps {
	/** Makes the queue's methods callable over the port. */
	readonly wrapQueue: (port: MessagePort) => IndexQueueApi;
	/** Wall clock, for log lines. */
	readonly now: () => number;
}

export interface EmbedService {
	readonly api: EmbedApi;
	/** Lines arrive at the page as `log` events. */
	readonly log: Logger;
}

export const createEmbedService = (deps: EmbedServiceDeps): EmbedService => {
	const events = createEmitter<EmbedEvent>();
	const log = createLogger('ml', (entry) => events.emit({ type: 'log', entry }), deps.now);
	const loopDeps = { wait: waitOrAbort, now: deps.elapsed, emit: events.emit, log };
	let loading: Promise<RunningModel> | null = null;
	let model: RunningModel | null = null;
	let queue: IndexQueueApi | null = null;
	let loop: IndexingLoop | null = null;
	let batchSize: number | null = null;

	const startLoop = (): void => {
		if (!model || !queue) return;
		const { versionKey, embedPassages: embed, isHealthy } = model;
		loop = createIndexingLoop({ ...loopDeps, queue, versionKey, embed, isHealthy });
		loop.setBatchSize(batchSize);
		model.setBatchSize(batchSize);
	};

	const api: EmbedApi = {
		async subscribe(listener) {
			events.subscribe(listener);
			return Promise.resolve();
		},
		async loadModel(request) {
			if (loading) throw new AppError('busy', 'This worker has loaded a model before.');
			const startedMs = deps.elapsed();
			loading = startModel(deps, request);
			model = await loading;
			startLoop();
			const { version, selfTestCosine } = model;
			const loadMs = Math.round(deps.elapsed() - startedMs);
			log.info('model loaded', { model: model.versionKey, device: request.device, loadMs });
			return { version, device: request.device, loadMs, selfTestCosine };
		},
		async connectIndexQueue(port) {
			await loop?.stop();
			queue = deps.wrapQueue(port);
			startLoop();
		},
		async embedQuery(text) {
			const vector = await loaded(model).embedQuery(text);
			if (!vector) throw new AppError('input-invalid', 'The query has nothing the model can read.');
			return vector;
		},
		embedPassages: async (texts) => loaded(model).embedPassages(texts),
		async wake() {
			loop?.wake();
			return Promise.resolve();
		},
		stop: async () => loop?.stop(),
		async setBatchSize(passages) {
			batchSize = passages;
			loop?.setBatchSize(passages);
			model?.setBatchSize(passages);
			return Promise.resolve();
		},
		listModels: async (baseUrl) => listModels(deps, baseUrl),
		fetchModel: async (baseUrl, modelId) => fetchModel(deps, baseUrl, modelId),
		clearModelCache: async (modelId) => clearModel(deps, modelId)
	};
	return { api, log };
};

const loaded = (model: RunningModel | null): RunningModel => {
	if (!model) throw new AppError('model-missing', 'No model is loaded.');
	return model;
};
