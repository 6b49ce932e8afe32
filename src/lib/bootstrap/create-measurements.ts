import type { CommandServices } from '$lib/commands/command';
import type { DbClient } from '$lib/rpc/notebook-client';
import { createAccuracyService } from '$lib/services/accuracy-service';
import { createCollectionService } from '$lib/services/collection-service';
import type { Embedder } from '$lib/services/embedder';

/** What measures search: on the user's own notes, and on a collection that was chosen. */
export const createMeasurements = (
	db: DbClient,
	embedder: Embedder
): Pick<CommandServices, 'accuracy' | 'collection'> => {
	const deps = {
		db,
		embedQuery: async (text: string) => (await embedder.embedQuery(text))?.vector ?? null,
		modelKey: () => embedder.state.versionKey,
		elapsed: () => performance.now()
	};
	return {
		accuracy: createAccuracyService({ ...deps, now: Date.now }),
		collection: createCollectionService({
			...deps,
			embedPassages: async (texts) => embedder.embedPassages(texts)
		})
	};
};
