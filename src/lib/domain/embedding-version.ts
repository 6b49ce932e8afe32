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

/** The bundled model of a new notebook, chosen by measurement: see tools/README.md. */
export const defaultModelId = 'combined-en';

/** Name of the notebook's setting that holds the version of its vectors, as JSON. */
export const versionSetting = 'embedding.version';

/** The model that a notebook's setting names; the default where it names none. */
export const modelOfSetting = (setting: string | null): string => {
	try {
		const version = JSON.parse(setting ?? 'null') as Partial<EmbeddingVersion> | null;
		return typeof version?.modelId === 'string' ? version.modelId : defaultModelId;
	} catch {
		return defaultModelId;
	}
};

/** The version that such a key was made of, or null when it is none. */
export const parseVersionKey = (key: string): EmbeddingVersion | null => {
	const [, modelId, revision, dtype] = /^(.+?)@(.+)\/([^/]+)\/\d+$/.exec(key) ?? [];
	const dimensions = dimensionsOfKey(key);
	if (modelId === undefined || revision === undefined || dtype === undefined) return null;
	return dimensions === null ? null : { modelId, revision, dtype, dimensions };
};

/** Name of the notebook's setting that holds the version of the model that is to come, as JSON. */
export const nextVersionSetting = 'embedding.next-version';

/** The version that such a setting holds, or null. */
export const versionOfSetting = (setting: string | null): EmbeddingVersion | null => {
	try {
		const version = JSON.parse(setting ?? 'null') as EmbeddingVersion | null;
		return version && parseVersionKey(toVersionKey(version));
	} catch {
		return null;
	}
};

/** The length of a vector stored under such a key, or null when the key names none. */
export const dimensionsOfKey = (key: string): number | null => {
	const dimensions = Number(/\/(\d+)$/.exec(key)?.[1] ?? NaN);
	return Number.isInteger(dimensions) && dimensions > 0 ? dimensions : null;
};
