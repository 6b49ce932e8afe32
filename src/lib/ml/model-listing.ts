import type { ModelListing } from '$lib/protocol/embed-api';
import { aboutBytes } from './hub-models';
import type { CacheStatus, ModelCache } from './model-cache';
import { catalogue, findEntry, originOf, type CatalogueEntry } from './model-catalogue';
import { partPrefix, type PartFolder } from './store/part-folder';

export interface ListingDeps {
	readonly cache: ModelCache;
	readonly parts: PartFolder;
}

/** Every model that can be chosen, and what of it is kept in this browser. */
export const listModels = async (
	deps: ListingDeps,
	baseUrl: string
): Promise<readonly ModelListing[]> =>
	Promise.all(catalogue.map(async (entry) => listingOf(deps, baseUrl, entry)));

/** Bytes of the files, which are in the cache then. */
export const fetchModel = async (
	{ cache }: ListingDeps,
	baseUrl: string,
	modelId: string
): Promise<number> => {
	const entry = findEntry(modelId);
	let bytes = 0;
	for (const part of entry.parts) {
		const { manifest } = await cache.load(baseUrl, part.modelId, originOf(entry));
		bytes += manifest.files.reduce((sum, file) => sum + file.bytes, 0);
	}
	return bytes;
};

/** Bytes freed. A joined model has no files of its own: those of its parts go. */
export const clearModel = async (
	{ cache, parts }: ListingDeps,
	modelId: string | null
): Promise<number> => {
	if (modelId === null) return (await cache.clear(null)) + (await parts.clear(''));
	let freed = 0;
	for (const part of findEntry(modelId).parts) {
		freed += (await cache.clear(part.modelId)) + (await parts.clear(partPrefix(part.modelId)));
	}
	return freed;
};

const listingOf = async (
	deps: ListingDeps,
	baseUrl: string,
	entry: CatalogueEntry
): Promise<ModelListing> => {
	const { id, title, dimensions, bundled, languages, licence, about, parts, hub } = entry;
	const found = await Promise.all(
		parts.map(async ({ modelId }) => deps.cache.status(baseUrl, modelId, originOf(entry)))
	);
	return {
		...{ id, title, dimensions, bundled, languages, licence, about },
		parts: parts.map(({ modelId }) => modelId),
		variants: hub ? { q8: aboutBytes(hub.variants.q8), fp32: aboutBytes(hub.variants.fp32) } : null,
		...keptOf(entry, found),
		partialBytes: hub ? await partialBytes(deps, id, found[0] ?? null) : 0
	};
};

type Kept = Pick<
	ModelListing,
	'bytes' | 'cachedBytes' | 'complete' | 'files' | 'isSizeExact' | 'dtype' | 'from'
>;

const keptOf = (
	{ approximateBytes, parts }: CatalogueEntry,
	found: readonly (CacheStatus | null)[]
): Kept => {
	const known = found.filter((status) => status !== null);
	const isSizeExact = known.length === parts.length;
	const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
	return {
		isSizeExact,
		bytes: isSizeExact ? sum(known.map(({ bytes }) => bytes)) : approximateBytes,
		cachedBytes: sum(known.map(({ cachedBytes }) => cachedBytes)),
		complete: isSizeExact && known.every(({ complete }) => complete),
		files: known.flatMap(({ files }) => files),
		dtype: isSizeExact ? known.map(({ manifest }) => manifest.dtype).join('+') : null,
		from: known[0]?.manifest.from ?? null
	};
};

/** What an unfinished download left: whole files that no list names yet, and the beginning of one. */
const partialBytes = async (
	{ cache, parts }: ListingDeps,
	modelId: string,
	status: CacheStatus | null
): Promise<number> => {
	const begun = await parts.bytes(partPrefix(modelId));
	return status ? begun : begun + (await cache.bytes(modelId));
};
