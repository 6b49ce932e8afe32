/** A model that can be chosen. What its files are is said by its own `files.json`. */
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
}

export const catalogue: readonly CatalogueEntry[] = [
	{
		id: 'use-lite',
		title: 'Universal Sentence Encoder Lite',
		dimensions: 512,
		approximateBytes: 7_440_000,
		bundled: true,
		languages: 'English',
		licence: 'Apache-2.0'
	}
];
