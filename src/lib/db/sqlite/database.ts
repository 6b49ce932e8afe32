/** A value SQLite can bind or return. Integers of 2^53 and more arrive as bigint. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** Named parameters with their prefix, e.g. `{ $id: 'x' }`, or positional ones. */
export type SqlParameters = Readonly<Record<string, SqlValue>> | readonly SqlValue[];

/**
 * One open SQLite database, synchronous, inside the db worker. Errors of the engine arrive as
 * AppError: `db-damaged` for CORRUPT and NOTADB, `storage-full` for IOERR after a quota failure,
 * `handle-lost` after InvalidStateError, else `unknown` with SQLite's message.
 */
export interface Database {
	/** All rows as objects keyed by column name. */
	all<Row extends object>(sql: string, parameters?: SqlParameters): Row[];
	/** The first row or undefined. */
	get<Row extends object>(sql: string, parameters?: SqlParameters): Row | undefined;
	/** Rows one by one without holding them all; return false to stop. */
	each<Row extends object>(
		sql: string,
		parameters: SqlParameters,
		visit: (row: Row) => boolean | void
	): void;
	/** Runs one statement (cached) or, without parameters, a script; returns rows changed. */
	run(sql: string, parameters?: SqlParameters): number;
	/** BEGIN IMMEDIATE … COMMIT; rolls back when `work` throws. Nested calls become savepoints. */
	transaction<T>(work: () => T): T;
	close(): void;
}
