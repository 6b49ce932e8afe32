import type { QueryForms } from './query-forms';
import { AppError } from '$lib/shared/app-error';

/** A model that can be chosen. What its files are is said by the `files.json` of each part. */
export interface CatalogueEntry {
	readonly id: string;
	readonly title: string;
	readonly dimensions: number;
	/** For display before `files.json` is at hand. */
	readonly approximateBytes: number;
	/** Comes with the app, below `models/`. */
	readonly bundled: boolean;
	readonly languages: string;
	readonly licence: string;
	/** What it is good for, in a few words. */
	readonly about: string;
	/** Whose vectors it joins; a model of its own has itself as the only part. */
	readonly parts: readonly ModelPart[];
}

export interface ModelPart {
	/** Its folder. */
	readonly modelId: string;
	readonly queryForms: QueryForms;
	/** Length of its share of the joined vector: 1 for the first. */
	readonly factor: number;
}

const useLite: ModelPart = { modelId: 'use-lite', factor: 1, queryForms: 'sentences' };
const staticEn: ModelPart = { modelId: 'static-en-256', factor: 1, queryForms: 'as-typed' };

export const catalogue: readonly CatalogueEntry[] = [
	{
		id: 'combined-en',
		title: 'USE Lite with static-en-256',
		dimensions: 768,
		approximateBytes: 15_150_000,
		bundled: true,
		languages: 'English',
		licence: 'Apache-2.0 and MIT',
		about:
			'Both built-in models in one vector: finds documents and paraphrases better than either.',
		parts: [useLite, { ...staticEn, factor: 0.7 }]
	},
	{
		id: 'use-lite',
		title: 'Universal Sentence Encoder Lite',
		dimensions: 512,
		approximateBytes: 7_440_000,
		bundled: true,
		languages: 'English',
		licence: 'Apache-2.0',
		about: 'Good with paraphrases, weaker at finding long documents.',
		parts: [useLite]
	},
	{
		id: 'static-en-256',
		title: 'static-en-256, made for this app',
		dimensions: 256,
		approximateBytes: 7_710_000,
		bundled: true,
		languages: 'English',
		licence: 'MIT',
		about:
			'The light choice: many times faster, for a phone or 50,000 notes; weaker with paraphrases.',
		parts: [staticEn]
	}
];

/** Rejects with `model-missing` for a name that is not in the catalogue. */
export const findEntry = (modelId: string): CatalogueEntry => {
	const entry = catalogue.find(({ id }) => id === modelId);
	if (!entry) throw new AppError('model-missing', `There is no model ${modelId}.`, { modelId });
	return entry;
};
