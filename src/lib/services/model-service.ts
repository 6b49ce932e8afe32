import { parseVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import type { VectorSet } from '$lib/domain/vector-set';
import type { ModelListing } from '$lib/protocol/embed-api';
import type { DbClient } from '$lib/rpc/notebook-client';
import type { Embedder } from './embedder';
import type { ModelLock } from './model-lock';
import type { ModelRecords } from './model-records';

/** A model as listed to the user. Bytes. */
export interface ModelInfo extends ModelListing {
	readonly active: boolean;
	/** Vectors in the notebook made with it, active or not. */
	readonly vectors: number;
	/** What its files must be for these vectors to stay right: those in use, else those that are kept. */
	readonly vectorVersions: readonly EmbeddingVersion[];
}

export interface ModelService {
	list(): Promise<{
		readonly active: string;
		readonly device: 'webgpu' | 'wasm' | null;
		readonly models: readonly ModelInfo[];
	}>;
	/**
	 * Bytes that were freed. Without an id: all models. A model that runs from what was cleared is
	 * stopped, so that what is seen is what there is: search goes on by words. Rejects with `busy` while
	 * files of a model are being brought.
	 */
	clearCache(modelId?: string): Promise<number>;
}

export interface ModelServiceDeps {
	readonly db: Pick<DbClient, 'listVectorSets'>;
	readonly embedder: Embedder;
	readonly records: Pick<ModelRecords, 'forget'>;
	readonly alone: ModelLock;
	readonly baseUrl: string;
}

export const createModelService = ({
	db,
	embedder,
	records,
	alone,
	baseUrl
}: ModelServiceDeps): ModelService => ({
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
				vectors: vectorsOf(model.id),
				vectorVersions: versionsOf(sets, model.id)
			}))
		};
	},
	async clearCache(modelId) {
		const worker = await embedder.worker();
		const active = embedder.state.modelId;
		const listed = await worker.listModels(baseUrl);
		const partsOf = (id: string): readonly string[] =>
			listed.find((model) => model.id === id)?.parts ?? [];
		const isActiveHit =
			modelId === undefined || partsOf(active).some((part) => partsOf(modelId).includes(part));
		return alone(async () => {
			const freed = await worker.clearModelCache(modelId ?? null);
			for (const id of modelId === undefined ? listed.map((model) => model.id) : [modelId]) {
				await records.forget(id);
			}
			if (isActiveHit) await embedder.stop(`The files of ${active} were cleared.`);
			return freed;
		});
	}
});

const versionsOf = (sets: readonly VectorSet[], id: string): readonly EmbeddingVersion[] => {
	const filled = sets.filter(({ modelId, vectors }) => modelId === id && vectors > 0);
	const inUse = filled.filter(({ role }) => role === 'active');
	return (inUse.length > 0 ? inUse : filled).flatMap(
		({ versionKey }) => parseVersionKey(versionKey) ?? []
	);
};
