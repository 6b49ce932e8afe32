import type { Coverage, SearchMode } from './search';

/** Shares from 0 to 1; latencies in milliseconds, as somebody who searches would wait. */
export interface Scores {
	readonly hitAt1: number;
	readonly hitAt5: number;
	readonly mrrAt10: number;
	readonly p50Ms: number;
	readonly p95Ms: number;
}

export interface Miss {
	readonly query: string;
	/** Title of the note that should have been first. */
	readonly expected: string;
	/** Title of the one that was; empty when nothing was found. */
	readonly got: string;
}

export const searchModes: readonly SearchMode[] = ['keyword', 'semantic', 'hybrid'];

export interface Accuracy extends Readonly<Record<SearchMode, Scores>> {
	readonly queries: number;
	/** Under 20 queries nothing can be said. */
	readonly enough: boolean;
	/** Version key of the model. */
	readonly model: string;
	/** What the chosen mode did not find first. */
	readonly misses: readonly Miss[];
	readonly missesByMode: Readonly<Record<SearchMode, readonly Miss[]>>;
	/** Names the questions: runs of other questions cannot be compared number by number. */
	readonly fingerprint: string;
	/** How many notes search by meaning knew while it was measured. */
	readonly coverage: Coverage;
}

/** One line of the history: no queries and no titles in it. */
export interface AccuracyRun extends Readonly<Record<SearchMode, Scores>> {
	readonly atMs: number;
	readonly queries: number;
	readonly model: string;
	readonly fingerprint: string;
}

/** What one search made of one golden query. */
export interface Answer {
	/** Place of the right note, 1 is best; null when it was not among the first ten. */
	readonly rank: number | null;
	readonly tookMs: number;
}

/** With fewer questions a single one decides: `too few to judge`. */
export const enoughQueries = 20;

export const toScores = (answers: readonly Answer[]): Scores => {
	const share = (accepts: (rank: number) => boolean): number =>
		mean(answers.map(({ rank }) => (rank !== null && accepts(rank) ? 1 : 0)));
	const times = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
	return {
		hitAt1: share((rank) => rank === 1),
		hitAt5: share((rank) => rank <= 5),
		mrrAt10: mean(answers.map(({ rank }) => (rank !== null && rank <= 10 ? 1 / rank : 0))),
		p50Ms: percentile(times, 0.5),
		p95Ms: percentile(times, 0.95)
	};
};

const mean = (values: readonly number[]): number =>
	values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;

const percentile = (sorted: readonly number[], share: number): number =>
	sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

export type AccuracyVerdict = 'better' | 'worse' | 'same';

/** Less than this of the mean reciprocal rank is one question moving, not a better search. */
const leastDifference = 0.01;

/** Whether the search as it is used by default, both ways at once, finds better than before. */
export const compareAccuracy = (
	before: Readonly<Record<SearchMode, Scores>>,
	after: Readonly<Record<SearchMode, Scores>>
): AccuracyVerdict => {
	const difference = after.hybrid.mrrAt10 - before.hybrid.mrrAt10;
	if (Math.abs(difference) < leastDifference) return 'same';
	return difference > 0 ? 'better' : 'worse';
};

/** Kept runs, newest first. */
const mostRuns = 50;

export const toRun = (
	{ queries, model, fingerprint, keyword, semantic, hybrid }: Accuracy,
	atMs: number
): AccuracyRun => ({ atMs, queries, model, fingerprint, keyword, semantic, hybrid });

export const addRun = (history: readonly AccuracyRun[], run: AccuracyRun): readonly AccuracyRun[] =>
	[run, ...history].slice(0, mostRuns);
