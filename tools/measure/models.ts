import { joinEmbedders } from '../../src/lib/ml/joined-embedder';
import { createEmbedder, type Embedder } from '../../src/lib/ml/embedder';
import { fileNames, shippedDtype } from '../build-model';
import { dimensions, maxTokens } from '../model/use-lite-graph';
import { staticModel } from '../model/static-manifest';
import { startNodeModel, type NodeModel } from './node-model';
import { rememberVectors } from './vector-memory';

export interface MeasuredModel {
	readonly modelId: string;
	readonly dimensions: number;
	readonly embed: (texts: readonly string[]) => Promise<(Float32Array | null)[]>;
}

const folders: Readonly<Record<string, NodeModel>> = {
	'use-lite': { file: fileNames[shippedDtype], dimensions, maxTokens },
	'static-en-256': { ...staticModel, file: fileNames[staticModel.dtype] }
};

/** The bundled models as Node runs them; vectors are kept below `memory`, so that a second run is short. */
export const startMeasuredModels = async (
	memory: string,
	factors: readonly number[]
): Promise<readonly MeasuredModel[]> => {
	const parts = new Map<string, Embedder>();
	for (const [modelId, model] of Object.entries(folders)) {
		const start = async (): Promise<Embedder> =>
			createEmbedder(await startNodeModel(`static/models/${modelId}`, model), () =>
				performance.now()
			);
		parts.set(modelId, rememberVectors(`${memory}/${modelId}`, model.dimensions, start));
	}
	const part = (modelId: string, factor: number) => ({
		embedder: parts.get(modelId) as Embedder,
		dimensions: folders[modelId]?.dimensions ?? 0,
		factor
	});
	const joined = factors.map((factor) =>
		toMeasured(`combined-en*${factor}`, [part('use-lite', 1), part('static-en-256', factor)])
	);
	return [
		...Object.keys(folders).map((modelId) => toMeasured(modelId, [part(modelId, 1)])),
		...joined
	];
};

const toMeasured = (modelId: string, parts: Parameters<typeof joinEmbedders>[0]): MeasuredModel => {
	const embedder = joinEmbedders(parts);
	return {
		modelId,
		dimensions: parts.reduce((sum, part) => sum + part.dimensions, 0),
		embed: async (texts) => embedder.embed(texts, async (run) => run())
	};
};
