import { AppError } from '$lib/shared/app-error';
import { aboutBytes, hubModels, type HubModel } from './hub-models';
import type { ModelOrigin } from './model-cache';
import type { QueryForms } from './query-forms';

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
	/** Only for one that is fetched when the user wants it. */
	readonly hub?: HubModel;
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

type HubFacts = Pick<CatalogueEntry, 'title' | 'languages' | 'licence' | 'about'>;

const fromHub = (id: keyof typeof hubModels, facts: HubFacts): CatalogueEntry => {
	const hub: HubModel = hubModels[id];
	const { dimensions, variants } = hub;
	return {
		...facts,
		...{ id, dimensions, bundled: false, hub },
		approximateBytes: aboutBytes(variants.q8),
		parts: [{ modelId: id, factor: 1, queryForms: 'as-typed' }]
	};
};

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
	},
	fromHub('all-MiniLM-L6-v2', {
		title: 'all-MiniLM-L6-v2',
		languages: 'English',
		licence: 'Apache-2.0',
		about: 'The well-known small model: short texts and paraphrases; reads 256 tokens at once.'
	}),
	fromHub('bge-small-en-v1.5', {
		title: 'BGE small, English, 1.5',
		languages: 'English',
		licence: 'MIT',
		about: 'Made for finding documents by a question; reads 512 tokens at once.'
	}),
	fromHub('gte-small', {
		title: 'GTE small',
		languages: 'English',
		licence: 'MIT',
		about: 'Made for finding and comparing texts, needs no instruction; reads 512 tokens at once.'
	}),
	fromHub('snowflake-arctic-embed-xs', {
		title: 'Snowflake Arctic Embed XS',
		languages: 'English',
		licence: 'Apache-2.0',
		about: 'The smallest of those made for finding documents; reads 512 tokens at once.'
	}),
	fromHub('multilingual-e5-small', {
		title: 'Multilingual E5 small',
		languages: 'about 100 languages',
		licence: 'MIT',
		about: 'Finds a note in one language by a question in another; reads 512 tokens at once.'
	}),
	fromHub('paraphrase-multilingual-MiniLM-L12-v2', {
		title: 'Paraphrase MiniLM L12, multilingual',
		languages: 'more than 50 languages',
		licence: 'Apache-2.0',
		about: 'Short texts that say the same in different languages; reads 128 tokens at once.'
	})
];

/** Files of a model that came with the app may be fetched again; those of another only by the user's wish. */
export const originOf = ({ bundled }: CatalogueEntry): ModelOrigin =>
	bundled ? 'bundled' : 'stored';

/** Rejects with `model-missing` for a name that is not in the catalogue. */
export const findEntry = (modelId: string): CatalogueEntry => {
	const entry = catalogue.find(({ id }) => id === modelId);
	if (!entry) throw new AppError('model-missing', `There is no model ${modelId}.`, { modelId });
	return entry;
};
