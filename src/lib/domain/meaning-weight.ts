/** Measured per bundled model on NFCorpus dev: tools/README.md. A stronger model earns more. */
const measured: Readonly<Record<string, number>> = {
	'combined-en': 0.25,
	'use-lite': 0.15,
	'static-en-256': 0.3
};
const unmeasured = 0.3;

/** Name of the notebook's setting that overrules the measured weight of a model. */
export const meaningWeightSetting = (modelId: string): string => `search.meaning-weight.${modelId}`;

/** Share of meaning in a hybrid search, 0 to 1. A setting that is no such number does not count. */
export const meaningWeight = (modelId: string, setting: string | null): number => {
	const chosen = setting === null || setting.trim() === '' ? NaN : Number(setting);
	if (chosen >= 0 && chosen <= 1) return chosen;
	return measured[modelId] ?? unmeasured;
};

/**
 * Best cosines of nonsense and of real questions overlap; these take away about half of the nonsense and
 * none of the paraphrase pairs. Measured: tools/README.md. Nothing is known of other models.
 */
const floors: Readonly<Record<string, number>> = {
	'combined-en': 0.24,
	'use-lite': 0.29,
	'static-en-256': 0.13
};

/** A note that only meaning found, at this cosine or below, is no answer. */
export const similarityFloor = (modelId: string): number => floors[modelId] ?? 0;
