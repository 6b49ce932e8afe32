import type { PreparedStatement } from '@sqlite.org/sqlite-wasm';

const capacity = 128;

/** Prepared statements by SQL text. One in use is not lent twice: the second caller gets its own. */
export interface StatementCache {
	use<T>(sql: string, work: (statement: PreparedStatement) => T): T;
	clear(): void;
}

export const createStatementCache = (
	prepare: (sql: string) => PreparedStatement
): StatementCache => {
	const idle = new Map<string, PreparedStatement>();

	const take = (sql: string): PreparedStatement => {
		const found = idle.get(sql);
		if (!found) return prepare(sql);
		idle.delete(sql);
		return found;
	};

	const giveBack = (sql: string, statement: PreparedStatement): void => {
		if (idle.has(sql)) {
			statement.finalize();
			return;
		}
		idle.set(sql, statement);
		if (idle.size > capacity) evictOldest();
	};

	const evictOldest = (): void => {
		for (const [sql, statement] of idle) {
			statement.finalize();
			idle.delete(sql);
			return;
		}
	};

	return {
		use(sql, work) {
			const statement = take(sql);
			try {
				return work(statement);
			} finally {
				resetQuietly(statement);
				giveBack(sql, statement);
			}
		},
		clear() {
			for (const statement of idle.values()) statement.finalize();
			idle.clear();
		}
	};
};

/** A reset repeats the error of the step before it, which the caller already has. */
const resetQuietly = (statement: PreparedStatement): void => {
	try {
		statement.reset(true);
	} catch {
		// Already thrown by the step.
	}
};
