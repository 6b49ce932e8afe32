/** Tried shares of meaning. 0 is words alone, wherever words tell enough of the query. */
export const triedWeights: readonly number[] = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

/** Titles and headings stand in their notes word by word: they tell nothing of meaning. */
export const fewestTelling = 20;

export interface TriedWeight {
	readonly weight: number;
	/** Mean reciprocal rank of the hybrid search with it. */
	readonly mrrAt10: number;
}

/** Less is one question moving by a place. */
const leastGain = 0.005;

/**
 * The weight that finds best on the user's questions. The present one stays unless another is clearly
 * better. None that finds worse than words alone is taken; where all do, the smallest is.
 */
export const chooseWeight = (
	tried: readonly TriedWeight[],
	present: number,
	wordsMrrAt10: number
): number => {
	const allowed = tried.filter(({ mrrAt10 }) => mrrAt10 >= wordsMrrAt10);
	if (allowed.length === 0) return Math.min(...tried.map(({ weight }) => weight));
	const best = Math.max(...allowed.map(({ mrrAt10 }) => mrrAt10));
	const kept = allowed.find(({ weight }) => weight === present);
	if (kept && kept.mrrAt10 >= best - leastGain) return present;
	return allowed
		.filter(({ mrrAt10 }) => mrrAt10 === best)
		.reduce((near, { weight }) => (isNearer(weight, near, present) ? weight : near), Infinity);
};

const isNearer = (a: number, b: number, to: number): boolean => Math.abs(a - to) < Math.abs(b - to);
