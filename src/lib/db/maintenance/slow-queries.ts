import type { SlowQuery } from '$lib/domain/database-report';
import { isAppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';
import type { StatementTimes } from '$lib/db/sqlite/statement-times';

const mostQueries = 20;
/** Checks and settings have no plan that an index could change. */
const planned = /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/i;

/** The slowest statements of this session, each with the way SQLite takes. */
export const readSlowQueries = (
	database: Pick<Database, 'all'>,
	times: StatementTimes
): readonly SlowQuery[] =>
	times
		.slowest(Infinity)
		.filter(({ sql }) => planned.test(sql))
		.slice(0, mostQueries)
		.map((time) => {
			const plan = readPlan(database, time.sql);
			return { ...time, sql: time.sql.replace(/\s+/g, ' ').trim(), plan, advice: adviceOn(plan) };
		});

/** Explained without its values: the plan does not depend on them. */
const readPlan = (database: Pick<Database, 'all'>, sql: string): readonly string[] => {
	try {
		return database
			.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
			.map(({ detail }) => detail);
	} catch (thrown) {
		if (!isAppError(thrown)) throw thrown;
		return [`not available: ${thrown.message}`];
	}
};

/**
 * Null unless SQLite itself builds an index for each run of the statement: only then is it certain that
 * a kept one would be used. A scan may be the best way; a guess would cost every save.
 */
const adviceOn = (plan: readonly string[]): string | null => {
	const found = plan
		.map((line) => /^SEARCH (\S+) USING AUTOMATIC .*INDEX \((.+)\)/.exec(line))
		.find((match) => match !== null);
	if (!found) return null;
	return `SQLite makes an index on ${found[1] ?? ''} (${found[2] ?? ''}) anew at each run; a kept one would be used.`;
};
