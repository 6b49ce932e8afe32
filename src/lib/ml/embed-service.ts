import type { EmbedApi, EmbedEvent, ModelListing } from '$lib/protocol/embed-api';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { createLogger } from '$lib/shared/logger';
import { createIndexingLoop, type IndexingLoop } from './indexing-loop';
import type { ModelCache } from './model-cache';
import { catalogue, findEntry, type CatalogueEntry } from './model-catalogue';
import { waitOrAbort } from './retry-wait';
import { startModel, type RunningModel, type StartModelDeps } from './running-model';

export interface EmbedServiceDeps extends StartModelDeps {
	/** Makes the queue's methods callable over the port. */
	readonly wrapQueue: (port: MessagePort) => IndexQueueApi;
	/** Wall clock, for log lines. */
	readonly now: () => number;
}

export const createEmbedService = (deps: EmbedServiceDeps): EmbedApi => {
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

	return {
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
			if (!model) throw new AppError('model-missing', 'No model is loaded.');
			const vector = await model.embedQuery(text);
			if (!vector) throw new AppError('input-invalid', 'The query has nothing the model can read.');
			return vector;
		},
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
		listModels: async (baseUrl) =>
			Promise.all(catalogue.map(async (entry) => listingOf(deps.cache, baseUrl, entry))),
		async clearModelCache(modelId) {
			if (modelId === null) return deps.cache.clear(null);
			let freed = 0;
			for (const part of findEntry(modelId).parts) freed += await deps.cache.clear(part.modelId);
			return freed;
		}
	};
};

const listingOf = async (
	cache: ModelCache,
	baseUrl: string,
	{ approximateBytes, parts, ...entry }: CatalogueEntry
): Promise<ModelListing> => {
	const found = await Promise.all(parts.map(async ({ modelId }) => cache.status(baseUrl, modelId)));
	const known = found.filter((status) => status !== null);
	const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
	return {
		...entry,
		parts: parts.map(({ modelId }) => modelId),
		bytes: known.length === parts.length ? sum(known.map(({ bytes }) => bytes)) : approximateBytes,
		cachedBytes: sum(known.map(({ cachedBytes }) => cachedBytes)),
		complete: known.length === parts.length && known.every(({ complete }) => complete)
	};
};
