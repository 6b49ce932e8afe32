import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import type { LoadModelRequest } from '$lib/protocol/embed-api';
import { createEmbedder } from './embedder';
import { requireAdapter, type Gpu } from './gpu-adapter';
import { loadNetwork } from './load-model';
import type { ModelCache, ModelFiles } from './model-cache';
import { findEntry, type ModelPart } from './model-catalogue';
import { joinEmbedders, type EmbedderPart } from './joined-embedder';
import type { ModelManifest } from './model-manifest';
import { queryForms } from './query-forms';
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
	deps: StartModelDeps,
	request: LoadModelRequest
): Promise<RunningModel> => {
	const { parts } = findEntry(request.modelId);
	if (request.device === 'webgpu') await requireAdapter(deps.gpu, request.allowSoftwareAdapter);
	const files = await Promise.all(
		parts.map(async ({ modelId }) => deps.cache.load(request.baseUrl, modelId))
	);
	const started: StartedPart[] = [];
	// One after the other: the runtime's settings are one for the whole thread.
	for (const [i, part] of parts.entries()) {
		const found = files[i];
		if (found) started.push(await startPart(found, part, deps, request));
	}
	return toRunningModel(request.modelId, started);
};

interface StartedPart extends EmbedderPart {
	readonly manifest: ModelManifest;
	readonly selfTest: () => Promise<number>;
	readonly selfTestCosine: number;
}

const startPart = async (
	files: ModelFiles,
	{ factor, queryForms: forms }: ModelPart,
	{ elapsed }: StartModelDeps,
	request: LoadModelRequest
): Promise<StartedPart> => {
	const { manifest } = files;
	const network = await loadNetwork(files, request);
	const selfTest = async (): Promise<number> => runSelfTest(network, manifest);
	const selfTestCosine = await selfTest();
	const embedder = createEmbedder(network, elapsed);
	return {
		...{ manifest, embedder, dimensions: manifest.dimensions, factor, selfTest, selfTestCosine },
		formsOf: (query) => queryForms(forms, query)
	};
};

const toRunningModel = (modelId: string, parts: readonly StartedPart[]): RunningModel => {
	const version = versionOf(modelId, parts);
	const embedder = joinEmbedders(parts);
	const runs = createRunQueue(letMessagesIn);
	return {
		version,
		versionKey: toVersionKey(version),
		selfTestCosine: Math.min(...parts.map((part) => part.selfTestCosine)),
		embedQuery: async (text) => embedder.embedQuery(text.slice(0, longestQuery), runs.urgent),
		embedPassages: async (texts) => embedder.embed(texts, runs.background),
		isHealthy: async () => {
			for (const { selfTest } of parts) {
				const passed = await runs.urgent(selfTest).then(
					() => true,
					() => false
				);
				if (!passed) return false;
			}
			return true;
		},
		setBatchSize: embedder.setBatchSize
	};
};

// Everything that changes a vector is in it: another factor makes other vectors.
const versionOf = (modelId: string, parts: readonly StartedPart[]): EmbeddingVersion => ({
	modelId,
	revision: parts
		.map(({ manifest, factor }) => manifest.revision + (factor === 1 ? '' : `*${factor}`))
		.join('+'),
	dtype: parts.map(({ manifest }) => manifest.dtype).join('+'),
	dimensions: parts.reduce((sum, { dimensions }) => sum + dimensions, 0)
});
