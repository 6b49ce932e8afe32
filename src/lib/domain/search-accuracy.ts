import type { SearchMode } from './search';

/** Latencies in milliseconds, as somebody who searches would wait. */
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

export interface Accuracy {
	readonly queries: number;
	/** Under 20 queries nothing can be said. */
	readonly enough: boolean;
	/** Version key of the model. */
	readonly model: string;
	readonly keyword: Scores;
	readonly semantic: Scores;
	readonly hybrid: Scores;
	/** What the chosen mode did not find first. */
	readonly misses: readonly Miss[];
}

/** One line of the history: no queries in it. */
export type AccuracyRun = Omit<Accuracy, 'misses'> & { readonly atMs: number };

/** What one search made of one golden query. */
export interface Answer {
	/** Place of the right note, 1 is best; null when it was not among the first ten. */
	readonly rank: number | null;
	readonly tookMs: number;
}

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

/** Where two measurements differ by more than one question in twenty, in the order of weight. */
export const compareAccuracy = (
	before: Pick<Accuracy, SearchMode>,
	after: Pick<Accuracy, SearchMode>
): 'better' | 'worse' | 'same' => {
	const difference = after.hybrid.mrrAt10 - before.hybrid.mrrAt10;
	if (Math.abs(difference) < 0.01) return 'same';
	return difference > 0 ? 'better' : 'worse';
};

/** Kept runs, newest first. */
const mostRuns = 50;

export const addRun = (
	history: readonly AccuracyRun[],
	{ misses: _, ...facts }: Accuracy,
	atMs: number
): readonly AccuracyRun[] => [{ ...facts, atMs }, ...history].slice(0, mostRuns);

/** The history as it was written; an unreadable one is none. */
export const parseRuns = (setting: string | null): readonly AccuracyRun[] => {
	const value = parseJson(setting);
	return Array.isArray(value) ? value.filter(isRun) : [];
};

const isRun = (value: unknown): value is AccuracyRun => {
	const run = (value ?? {}) as Partial<AccuracyRun>;
	return (
		typeof run.atMs === 'number' &&
		typeof run.queries === 'number' &&
		typeof run.model === 'string' &&
		[run.keyword, run.semantic, run.hybrid].every((scores) => typeof scores?.hitAt1 === 'number')
	);
};

const parseJson = (text: string | null): unknown => {
	try {
		return JSON.parse(text ?? 'null');
	} catch {
		return null;
	}
};
