import { createEmbedder, type Embedder, type Schedule } from '../../src/lib/ml/embedder';
import { joinEmbedders, type JoinedEmbedder } from '../../src/lib/ml/joined-embedder';
import { catalogue } from '../../src/lib/ml/model-catalogue';
import { queryForms } from '../../src/lib/ml/query-forms';
import { fileNames, shippedDtype } from '../build-model';
import { dimensions, maxTokens } from '../model/use-lite-graph';
import { staticModel } from '../model/static-manifest';
import { startNodeModel, type NodeModel } from './node-model';
import { rememberVectors } from './vector-memory';

export interface MeasuredModel {
	readonly modelId: string;
	readonly dimensions: number;
	readonly embed: (texts: readonly string[]) => Promise<(Float32Array | null)[]>;
	readonly embedQuery: (text: string) => Promise<Float32Array | null>;
}

const folders: Readonly<Record<string, NodeModel>> = {
	'use-lite': { file: fileNames[shippedDtype], dimensions, maxTokens },
	'static-en-256': { ...staticModel, file: fileNames[staticModel.dtype] }
};

const atOnce: Schedule = async (run) => run();

/** The bundled models as Node runs them; vectors are kept below `memory`, so that a second run is short. */
export const startMeasuredModels = (memory: string): readonly MeasuredModel[] => {
	const parts = new Map<string, Embedder>();
	for (const [modelId, model] of Object.entries(folders)) {
		const start = async (): Promise<Embedder> => {
			const network = await startNodeModel(`static/models/${modelId}`, model);
			return createEmbedder(network, () => performance.now());
		};
		parts.set(modelId, rememberVectors(`${memory}/${modelId}`, model.dimensions, start));
	}
	return catalogue
		.filter(({ bundled }) => bundled)
		.map((entry) => {
			const joined: JoinedEmbedder = joinEmbedders(
				entry.parts.map(({ modelId, factor, queryForms: forms }) => ({
					embedder: parts.get(modelId) as Embedder,
					dimensions: folders[modelId]?.dimensions ?? 0,
					factor,
					formsOf: (query) => queryForms(forms, query)
				}))
			);
			return {
				modelId: entry.id,
				dimensions: entry.dimensions,
				embed: async (texts) => joined.embed(texts, atOnce),
				embedQuery: async (text) => joined.embedQuery(text, atOnce)
			};
		});
};
