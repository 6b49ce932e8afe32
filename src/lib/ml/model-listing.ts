import type { ModelListing } from '$lib/protocol/embed-api';
import type { ModelCache } from './model-cache';
import { catalogue, findEntry, type CatalogueEntry } from './model-catalogue';

/** Every model that can be chosen, and what of it is kept in this browser. */
export const listModels = async (
	cache: ModelCache,
	baseUrl: string
): Promise<readonly ModelListing[]> =>
	Promise.all(catalogue.map(async (entry) => listingOf(cache, baseUrl, entry)));

/** Bytes freed. A joined model has no files of its own: those of its parts go. */
export const clearModel = async (cache: ModelCache, modelId: string | null): Promise<number> => {
	if (modelId === null) return cache.clear(null);
	let freed = 0;
	for (const part of findEntry(modelId).parts) freed += await cache.clear(part.modelId);
	return freed;
};

const listingOf = async (
	cache: ModelCache,
	baseUrl: string,
	{ approximateBytes, parts, ...entry }: CatalogueEntry
): Promise<ModelListing> => {
	const found = await Promise.all(parts.map(async ({ modelId }) => cache.status(baseUrl, modelId)));
	const known = found.filter((status) => status !== null);
	const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
	return {
		...entry,
		parts: parts.map(({ modelId }) => modelId),
		bytes: known.length === parts.length ? sum(known.map(({ bytes }) => bytes)) : approximateBytes,
		cachedBytes: sum(known.map(({ cachedBytes }) => cachedBytes)),
		complete: known.length === parts.length && known.every(({ complete }) => complete)
	};
};
