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
