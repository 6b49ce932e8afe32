import { isAppError } from '$lib/shared/app-error';
import type { RowRange } from '$lib/domain/salvage';
import type { Database, SqlValue } from '$lib/db/sqlite/database';

export type Row = Record<string, SqlValue>;

export interface RangeQuery {
	readonly table: string;
	readonly columns: readonly string[];
	readonly range: RowRange;
}

/** A damaged row number may be as large as numbers get: looking for it must come to an end. */
const mostFailures = 100_000;

/**
 * Reads a table past its indexes. Where reading fails, the range is halved until single rows are left
 * that cannot be read: those are returned, everything else is visited once, in order within a range.
 */
export const readByRanges = (
	database: Database,
	{ table, columns, range }: RangeQuery,
	visit: (row: Row, place: number) => void
): RowRange[] => {
	const sql = `SELECT rowid AS place, ${columns.join(', ')} FROM ${table} NOT INDEXED
		WHERE rowid BETWEEN $from AND $to ORDER BY rowid`;
	const failed: RowRange[] = [];
	let failures = 0;
	const waiting: RowRange[] = [range];
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { from, to } = next;
		if (from > to) continue;
		const at = failures < mostFailures ? readUntilDamage(database, sql, next, visit) : from;
		if (at === null) continue;
		failures += 1;
		if (at >= to || failures >= mostFailures) addTo(failed, { from: at, to });
		else {
			const middle = Math.floor((at + to) / 2);
			waiting.push({ from: middle + 1, to }, { from: at, to: middle });
		}
	}
	return failed;
};

/** The first place that was not read, or null when there was no damage. */
const readUntilDamage = (
	database: Database,
	sql: string,
	{ from, to }: RowRange,
	visit: (row: Row, place: number) => void
): number | null => {
	let next = from;
	try {
		database.each<Row>(sql, { $from: from, $to: to }, (row) => {
			const place = Number(row.place);
			visit(row, place);
			next = Math.max(next, place + 1);
		});
		return null;
	} catch (thrown) {
		if (!isDamage(thrown)) throw thrown;
		return next > to ? null : next;
	}
};

const addTo = (failed: RowRange[], { from, to }: RowRange): void => {
	const last = failed.at(-1);
	if (last && last.to + 1 === from) failed[failed.length - 1] = { from: last.from, to };
	else failed.push({ from, to });
};

/**
 * What SQLite throws on a damaged file: named as damage, a schema that makes no sense, or a tree of pages
 * that leads round in circles until the time for it is over.
 */
export const isDamage = (thrown: unknown): boolean =>
	isAppError(thrown, 'db-damaged') ||
	isAppError(thrown, 'timeout') ||
	(isAppError(thrown, 'unknown') &&
		/no such (table|column|index)|malformed|corrupt/i.test(thrown.message));
