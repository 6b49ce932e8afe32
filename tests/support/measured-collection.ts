import { createTrialNotebook } from '$lib/db/trial-notebook';
import { createCollectionService, type CollectionAccuracy } from '$lib/services/collection-service';
import { createLogger } from '$lib/shared/logger';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeasuredModel } from '../../tools/measure/models';
import { anId } from './note-builder';

/** A folder measured as the page measures it: the shipped SQLite and the model, in node. */
export const measureCollection = async (
	folder: string,
	model: MeasuredModel
): Promise<CollectionAccuracy> => {
	const trial = createTrialNotebook({
		now: () => 1_000,
		elapsed: () => performance.now(),
		newId: anId,
		pause: async () => Promise.resolve(),
		log: createLogger(
			'test',
			() => undefined,
			() => 1_000
		)
	});
	const service = createCollectionService({
		db: {
			openTrial: async (version) => trial.open(version),
			fillTrial: (documents) => Promise.resolve(trial.fill(documents)),
			countTrialPassages: () => Promise.resolve(trial.countWaiting()),
			claimTrialPassages: async (limit) => trial.claim(limit),
			saveTrialVectors: async (passages, vectors) => trial.save(passages, vectors),
			searchTrial: (request) => Promise.resolve(trial.search(request)),
			closeTrial: () => Promise.resolve(trial.close())
		},
		embedQuery: async (text) => model.embedQuery(text),
		embedPassages: async (texts) => model.embed(texts),
		modelKey: () => `${model.modelId}@measured/measured/${model.dimensions}`,
		elapsed: () => performance.now()
	});
	const files = ['corpus.jsonl', 'queries.jsonl', 'qrels.tsv'].map((path) => ({
		path,
		file: new Blob([readFileSync(join(folder, path))])
	}));
	await service.choose(files);
	return service.evaluate();
};
