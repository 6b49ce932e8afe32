export interface BatchLimits {
	/** Tokens of one run, padding included. A single longer row still gets a run of its own. */
	readonly paddedTokens: number;
	readonly rows: number;
}

/**
 * Groups rows into runs of like length, so that little of a run is padding (PERFORMANCE.md 4).
 * Answers the indices of the rows; each occurs once. Longest first: what does not fit in memory
 * shows at once.
 */
export const planBatches = (lengths: readonly number[], limits: BatchLimits): number[][] => {
	const longestFirst = lengths.map((_, index) => index);
	longestFirst.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
	const batches: number[][] = [];
	let open: number[] = [];
	let width = 0;
	for (const index of longestFirst) {
		const isFull = open.length >= limits.rows || (open.length + 1) * width > limits.paddedTokens;
		if (open.length === 0 || isFull) {
			open = [];
			width = lengths[index] ?? 0;
			batches.push(open);
		}
		open.push(index);
	}
	return batches;
};

/** Cuts tokens into as few windows as the model can read, of about equal length. */
export const toWindows = (tokens: readonly number[], maxTokens: number): number[][] => {
	const count = Math.ceil(tokens.length / maxTokens);
	const size = Math.ceil(tokens.length / count);
	return Array.from({ length: count }, (_, i) => tokens.slice(i * size, (i + 1) * size));
};
