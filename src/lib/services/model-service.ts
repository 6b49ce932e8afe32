import type { DbClient } from '$lib/rpc/notebook-client';
import type { Embedder } from './embedder';

/** A model as listed to the user. Bytes. */
export interface ModelInfo {
	readonly id: string;
	readonly title: string;
	readonly dimensions: number;
	readonly bytes: number;
	readonly cachedBytes: number;
	readonly complete: boolean;
	readonly bundled: boolean;
	readonly active: boolean;
	/** Vectors in the notebook made with it, active or not. */
	readonly vectors: number;
	readonly languages: string;
	readonly licence: string;
	readonly about: string;
	readonly parts: readonly string[];
}

export interface ModelService {
	list(): Promise<{
		readonly active: string;
		readonly device: 'webgpu' | 'wasm' | null;
		readonly models: readonly ModelInfo[];
	}>;
	/** Bytes that were freed. Without an id: all models. */
	clearCache(modelId?: string): Promise<number>;
}

export const createModelService = (
	db: Pick<DbClient, 'listVectorSets'>,
	embedder: Embedder,
	baseUrl: string
): ModelService => ({
	async list() {
		const worker = await embedder.worker();
		const [listed, sets] = await Promise.all([worker.listModels(baseUrl), db.listVectorSets()]);
		const vectorsOf = (id: string): number =>
			sets.reduce((sum, { modelId, vectors }) => sum + (modelId === id ? vectors : 0), 0);
		const active = embedder.state.modelId;
		return {
			active,
			device: embedder.state.device,
			models: listed.map((model) => ({
				...model,
				active: model.id === active,
				vectors: vectorsOf(model.id)
			}))
		};
	},
	async clearCache(modelId) {
		return (await embedder.worker()).clearModelCache(modelId ?? null);
	}
});
