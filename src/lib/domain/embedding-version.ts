/** What decides whether two vectors may be compared. Change one field and old vectors are stale. */
export interface EmbeddingVersion {
	readonly modelId: string;
	readonly revision: string;
	readonly dtype: string;
	readonly dimensions: number;
}

/** The text stored as `chunk_vectors.model_id`, e.g. `use-lite@0.2.0/q8/512`. */
export const toVersionKey = (version: EmbeddingVersion): string =>
	`${version.modelId}@${version.revision}/${version.dtype}/${version.dimensions}`;

/** The length of a vector stored under such a key, or null when the key names none. */
export const dimensionsOfKey = (key: string): number | null => {
	const dimensions = Number(/\/(\d+)$/.exec(key)?.[1] ?? NaN);
	return Number.isInteger(dimensions) && dimensions > 0 ? dimensions : null;
};
