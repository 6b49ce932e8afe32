import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import type { LoadModelRequest } from '$lib/protocol/embed-api';
import { AppError } from '$lib/shared/app-error';
import { createEmbedder } from './embedder';
import { requireAdapter, type Gpu } from './gpu-adapter';
import { loadNetwork } from './load-model';
import type { ModelCache } from './model-cache';
import { catalogue } from './model-catalogue';
import { createRunQueue, letMessagesIn } from './run-queue';
import { runSelfTest } from './self-test';

/** A model that has passed its self-test. */
export interface RunningModel {
	readonly version: EmbeddingVersion;
	readonly versionKey: string;
	readonly selfTestCosine: number;
	/** Goes before waiting passages. Null when there is nothing the model can read. */
	embedQuery(text: string): Promise<Float32Array | null>;
	embedPassages(texts: readonly string[]): Promise<(Float32Array | null)[]>;
	/** Whether it still passes the self-test. */
	isHealthy(): Promise<boolean>;
	setBatchSize(passages: number | null): void;
}

export interface StartModelDeps {
	readonly cache: ModelCache;
	readonly gpu: Gpu | undefined;
	/** Monotonic clock. */
	readonly elapsed: () => number;
}

/** A pasted book is no question: more than this of a query is not read. */
const longestQuery = 10_000;

/** Fetches or reads the files, starts the network, tests it. Rejects with an AppError; no fallback. */
export const startModel = async (
	{ cache, gpu, elapsed }: StartModelDeps,
	request: LoadModelRequest
): Promise<RunningModel> => {
	const { modelId, device, baseUrl } = request;
	if (!catalogue.some(({ id }) => id === modelId)) {
		throw new AppError('model-missing', `There is no model ${modelId}.`, { modelId });
	}
	if (device === 'webgpu') await requireAdapter(gpu, request.allowSoftwareAdapter);
	const files = await cache.load(baseUrl, modelId);
	const network = await loadNetwork(files, request);
	const selfTest = async (): Promise<number> => runSelfTest(network, files.manifest);
	const selfTestCosine = await selfTest();
	const embedder = createEmbedder(network, elapsed);
	const runs = createRunQueue(letMessagesIn);
	const { revision, dtype, dimensions } = files.manifest;
	const version = { modelId, revision, dtype, dimensions };
	return {
		version,
		versionKey: toVersionKey(version),
		selfTestCosine,
		async embedQuery(text) {
			const [vector] = await embedder.embed([text.slice(0, longestQuery)], runs.urgent);
			return vector ?? null;
		},
		embedPassages: async (texts) => embedder.embed(texts, runs.background),
		isHealthy: async () =>
			runs.urgent(selfTest).then(
				() => true,
				() => false
			),
		setBatchSize: embedder.setBatchSize
	};
};
