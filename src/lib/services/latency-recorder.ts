import type { SearchMode } from '$lib/domain/search';

export interface LatencySummary {
	/** All that were recorded since the start, also those no longer kept. */
	readonly count: number;
	/** Over the newest kept ones; null before the first. */
	readonly p50Ms: number | null;
	readonly p95Ms: number | null;
}

/** How long real searches took, by the mode that was run. Kept in memory, for this session. */
export interface LatencyRecorder {
	record(mode: SearchMode, tookMs: number): void;
	summary(mode: SearchMode): LatencySummary;
}

export const createLatencyRecorder = (kept = 500): LatencyRecorder => {
	const byMode = new Map<SearchMode, { count: number; newest: number[] }>();
	return {
		record(mode, tookMs) {
			const { count, newest } = byMode.get(mode) ?? { count: 0, newest: [] };
			byMode.set(mode, { count: count + 1, newest: [...newest, tookMs].slice(-kept) });
		},
		summary(mode) {
			const { count, newest } = byMode.get(mode) ?? { count: 0, newest: [] };
			const sorted = newest.toSorted((a, b) => a - b);
			return { count, p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
		}
	};
};

/** Nearest rank: always a value that was measured. */
const percentile = (sorted: readonly number[], percent: number): number | null =>
	sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? null;
