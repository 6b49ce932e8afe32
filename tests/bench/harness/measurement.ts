/** One line of the result: a figure beside its goal. */
export interface Measurement {
	readonly name: string;
	/** What is compared with the goal: a ratio to the reference, a count, kB or MB. */
	readonly value: number;
	readonly unit: 'x' | '%' | 'tasks' | 'keys' | 'kB' | 'MB';
	/** Null: shown for the reader, judged by nobody. */
	readonly goal: { readonly kind: 'at least' | 'at most'; readonly value: number } | null;
	/** Plain words: our figure and the reference's, medians and how many rounds. */
	readonly detail: string;
}

export interface Bench {
	readonly name: string;
	/** Everything is started anew: each call is one run of its own. */
	run(): Promise<readonly Measurement[]>;
}

export const meetsGoal = ({ value, goal }: Measurement): boolean => {
	if (goal === null) return true;
	return goal.kind === 'at least' ? value >= goal.value : value <= goal.value;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const quantile = (values: readonly number[], share: number): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const place = (sorted.length - 1) * share;
	const low = sorted[Math.floor(place)] ?? NaN;
	const high = sorted[Math.ceil(place)] ?? NaN;
	return low + (high - low) * (place - Math.floor(place));
};

export interface Times {
	readonly oursMs: readonly number[];
	readonly referenceMs: readonly number[];
}

/** Reference time by our time, round by round: 1 is as fast, more is faster. */
export const rateRatio = (times: Times): number =>
	median(times.oursMs.map((ours, round) => (times.referenceMs[round] ?? NaN) / ours));

const figures = (times: readonly number[]): string =>
	`${median(times).toFixed(1)} ms (p95 ${quantile(times, 0.95).toFixed(1)})`;

/** A rate beside that of the reference: above 1 is faster. */
export const beside = (name: string, times: Times, least: number, what: string): Measurement => ({
	name,
	value: rateRatio(times),
	unit: 'x',
	goal: { kind: 'at least', value: least },
	detail: `${what}: ours ${figures(times.oursMs)}, plain ${figures(times.referenceMs)}; median of ${times.oursMs.length} rounds`
});
