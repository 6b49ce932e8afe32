import type { ModelListing } from '$lib/protocol/embed-api';
import type { DbClient } from '$lib/rpc/notebook-client';
import type { Embedder } from './embedder';

/** A model as listed to the user. Bytes. */
export interface ModelInfo extends ModelListing {
	readonly active: boolean;
	/** Vectors in the notebook made with it, active or not. */
	readonly vectors: number;
}

export interface ModelService {
	list(): Promise<{
		readonly active: string;
		readonly device: 'webgpu' | 'wasm' | null;
		readonly models: readonly ModelInfo[];
	}>;
	/**
	 * Bytes that were freed. Without an id: all models. A model that runs from what was cleared is
	 * stopped, so that what is seen is what there is: search goes on by words.
	 */
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
		const worker = await embedder.worker();
		const active = embedder.state.modelId;
		const listed = modelId === undefined ? [] : await worker.listModels(baseUrl);
		const partsOf = (id: string): readonly string[] =>
			listed.find((model) => model.id === id)?.parts ?? [];
		const isActiveHit =
			modelId === undefined || partsOf(active).some((part) => partsOf(modelId).includes(part));
		const freed = await worker.clearModelCache(modelId ?? null);
		if (isActiveHit) await embedder.stop(`The files of ${active} were cleared.`);
		return freed;
	}
});
