import type { MeasuredAction } from '$lib/domain/metric-sample';

export interface LatencySummary {
	/** All that were recorded since the start, also those no longer kept. */
	readonly count: number;
	/** Over the newest kept ones; null before the first. */
	readonly p50Ms: number | null;
	readonly p95Ms: number | null;
}

/** Runs what a user asked for, and measures it when it succeeds. */
export type Timed = <T>(action: MeasuredAction, work: () => Promise<T>) => Promise<T>;

/** How long what users do took. Kept in memory, for this session, exactly. */
export interface LatencyRecorder {
	/** Never throws: no action may fail of being measured. `times`: so many took as long each. */
	record(action: MeasuredAction, tookMs: number, times?: number): void;
	summary(action: MeasuredAction): LatencySummary;
	readonly timed: Timed;
}

export interface LatencyRecorderDeps {
	/** How many of each action are kept. */
	readonly kept?: number;
	/** Told of each, for the trends. */
	readonly keep?: (action: MeasuredAction, tookMs: number) => void;
	/** Milliseconds that never jump. */
	readonly elapsed?: () => number;
}

interface Kept {
	count: number;
	readonly newest: number[];
}

export const createLatencyRecorder = ({
	kept = 500,
	keep = () => undefined,
	elapsed = () => performance.now()
}: LatencyRecorderDeps = {}): LatencyRecorder => {
	const byAction = new Map<MeasuredAction, Kept>();

	const recordOne = (action: MeasuredAction, tookMs: number): void => {
		const entry = byAction.get(action) ?? { count: 0, newest: [] };
		byAction.set(action, entry);
		// A ring: the oldest of the kept ones goes.
		entry.newest[entry.count % kept] = tookMs;
		entry.count += 1;
		try {
			keep(action, tookMs);
		} catch {
			// Figures may be lost; the action that was measured goes on.
		}
	};

	const record: LatencyRecorder['record'] = (action, tookMs, times = 1) => {
		for (let i = 0; i < times; i += 1) recordOne(action, tookMs);
	};

	return {
		record,
		summary(action) {
			const { count, newest } = byAction.get(action) ?? { count: 0, newest: [] };
			const sorted = newest.toSorted((a, b) => a - b);
			return { count, p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
		},
		async timed(action, work) {
			const startedAt = elapsed();
			const result = await work();
			record(action, elapsed() - startedAt);
			return result;
		}
	};
};

/** Nearest rank: always a value that was measured. */
const percentile = (sorted: readonly number[], percent: number): number | null =>
	sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? null;
