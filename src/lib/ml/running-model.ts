import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import type { Device, LoadModelRequest } from '$lib/protocol/embed-api';
import { AppError } from '$lib/shared/app-error';
import { createEmbedder } from './embedder';
import { requireAdapter, type Gpu } from './gpu-adapter';
import { loadNetwork, type LoadedNetwork, type NetworkOptions } from './load-model';
import type { ModelCache, ModelFiles } from './model-cache';
import { findEntry, originOf, type ModelPart } from './model-catalogue';
import { joinEmbedders, type EmbedderPart } from './joined-embedder';
import type { ModelManifest } from './model-manifest';
import { queryForms } from './query-forms';
import { createRunQueue, letMessagesIn } from './run-queue';
import { recordFirstTest, runSelfTest } from './self-test';

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
	const entry = findEntry(request.modelId);
	const { parts, hub } = entry;
	if (request.device === 'webgpu') await requireAdapter(deps.gpu, request.allowSoftwareAdapter);
	const files = await Promise.all(
		parts.map(async ({ modelId }) => deps.cache.load(request.baseUrl, modelId, originOf(entry)))
	);
	const started: StartedPart[] = [];
	// One after the other: the runtime's settings are one for the whole thread.
	for (const [i, part] of parts.entries()) {
		const found = files[i];
		if (found)
			started.push(await startPart(found, part, deps, { ...request, reading: hub?.reading }));
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
	{ cache, elapsed }: StartModelDeps,
	request: LoadModelRequest & Pick<NetworkOptions, 'reading'>
): Promise<StartedPart> => {
	if (files.manifest.from !== undefined) requireDevice(files.manifest, request.device);
	const network = await loadNetwork(files, request);
	const manifest = await withSelfTest(cache, files.manifest, network, request.baseUrl);
	const selfTest = async (): Promise<number> => runSelfTest(network, manifest);
	const selfTestCosine = await selfTest();
	const embedder = createEmbedder(network, elapsed);
	return {
		...{ manifest, embedder, dimensions: manifest.dimensions, factor, selfTest, selfTestCosine },
		formsOf: (query) => queryForms(forms, query)
	};
};

/** The processor knows 8-bit numbers; of graphics cards some compute nonsense from them and say nothing. */
const requireDevice = ({ id, dtype, selfTest }: ModelManifest, device: Device): void => {
	if (device === 'wasm') return;
	if (dtype !== 'fp32') {
		throw new AppError(
			'model-invalid',
			`${id} is here with 8-bit weights: they run on the processor.`
		);
	}
	if (selfTest.length > 0) return;
	throw new AppError(
		'model-invalid',
		`${id} has to run on the processor first, to be compared with.`
	);
};

const withSelfTest = async (
	cache: ModelCache,
	manifest: ModelManifest,
	network: LoadedNetwork,
	baseUrl: string
): Promise<ModelManifest> => {
	if (manifest.selfTest.length > 0) return manifest;
	const selfTest = await recordFirstTest(network, manifest);
	// A full disk costs the next start its comparison, not this one its model.
	await cache.recordSelfTest(baseUrl, manifest, selfTest).catch(() => undefined);
	return { ...manifest, selfTest };
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
