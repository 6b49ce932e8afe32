/** nDCG at 10 with linear gain, as trec_eval and BEIR count it; 0 where nothing is relevant. */
export const ndcgAt10 = (
	ranked: readonly string[],
	relevant: ReadonlyMap<string, number>
): number => {
	const ideal = gainOf([...relevant.values()].sort((a, b) => b - a).slice(0, 10));
	return ideal > 0 ? gainOf(ranked.slice(0, 10).map((id) => relevant.get(id) ?? 0)) / ideal : 0;
};

const gainOf = (gains: readonly number[]): number =>
	gains.reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);
