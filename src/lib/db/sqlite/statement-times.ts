import { bucketOf, countOf, percentileOf } from '$lib/domain/latency-histogram';

/** How long the app's own statements took in this session, by their text. No values are kept. */
export interface StatementTimes {
	/** Runs it and counts how long it took, when it succeeded. */
	timed<T>(sql: string, work: () => T): T;
	/** The slowest first, by the time that 95 % stayed within. */
	slowest(limit: number): readonly StatementTime[];
}

export interface StatementTime {
	readonly sql: string;
	readonly count: number;
	readonly p95Ms: number;
}

/** More texts than the app has: a bound all the same. */
const mostTexts = 300;

export const createStatementTimes = (
	elapsed: () => number = () => performance.now()
): StatementTimes => {
	const bySql = new Map<string, Record<number, number>>();
	const record = (sql: string, tookMs: number): void => {
		let buckets = bySql.get(sql);
		if (!buckets) {
			if (bySql.size >= mostTexts || sql.startsWith('EXPLAIN')) return;
			bySql.set(sql, (buckets = {}));
		}
		const bucket = bucketOf(tookMs);
		buckets[bucket] = (buckets[bucket] ?? 0) + 1;
	};
	return {
		timed(sql, work) {
			const startedAt = elapsed();
			const result = work();
			record(sql, elapsed() - startedAt);
			return result;
		},
		slowest: (limit) =>
			[...bySql]
				.map(([sql, buckets]) => ({
					sql,
					count: countOf(buckets),
					p95Ms: percentileOf(buckets, 95) ?? 0
				}))
				.toSorted((a, b) => b.p95Ms - a.p95Ms)
				.slice(0, limit)
	};
};
