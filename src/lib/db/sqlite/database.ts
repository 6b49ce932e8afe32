import type { BindingSpec, PreparedStatement } from '@sqlite.org/sqlite-wasm';
import { AppError, isAppError } from '$lib/shared/app-error';
import type { Connection } from './connection';
import { interruptWhen } from './interrupt';
import { translateSqliteError } from './sqlite-errors';
import { createStatementCache, type StatementCache } from './statement-cache';

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
	/** Runs what is synchronous in `work`; throws `cancelled` as soon as `isEnded`, in the midst of a statement too. */
	endable<T>(isEnded: () => boolean, work: () => T): T;
	/** Its file, as the engine knows it: what lies in the file has no say. Empty in memory. */
	path(): string;
	close(): void;
}

export const createDatabase = (connection: Connection): Database => {
	const { handle } = connection;
	const statements = createStatementCache((sql) => handle.prepare(sql));

	const guarded = <T>(work: () => T): T => {
		if (!handle.isOpen()) throw new AppError('db-closed', 'The database is closed.');
		try {
			return work();
		} catch (thrown) {
			throw translateSqliteError(thrown, connection.takeFault);
		}
	};

	return {
		all: <Row extends object>(sql: string, parameters: SqlParameters = []) =>
			guarded(() => statements.use(sql, (statement) => readAll<Row>(statement, parameters))),
		get: <Row extends object>(sql: string, parameters: SqlParameters = []) =>
			guarded(() => statements.use(sql, (statement) => readFirst<Row>(statement, parameters))),
		each: <Row extends object>(
			sql: string,
			parameters: SqlParameters,
			visit: (row: Row) => boolean | void
		) => guarded(() => statements.use(sql, (statement) => visitRows(statement, parameters, visit))),
		run: (sql, parameters) =>
			guarded(() =>
				countChanges(connection, () => execute(connection, statements, sql, parameters))
			),
		transaction: createTransaction(connection, guarded),
		endable: (isEnded, work) => runEndable(connection, isEnded, work),
		path: () => handle.dbFilename('main') ?? '',
		close() {
			if (!handle.isOpen()) return;
			statements.clear();
			handle.close();
		}
	};
};

const start = (statement: PreparedStatement, parameters: SqlParameters): void => {
	if (statement.parameterCount > 0) statement.bind(parameters as BindingSpec);
};

const toRow = <Row>(statement: PreparedStatement, columns: readonly string[]): Row => {
	const row: Record<string, unknown> = {};
	for (const [index, column] of columns.entries()) row[column] = statement.get(index);
	return row as Row;
};

const readAll = <Row>(statement: PreparedStatement, parameters: SqlParameters): Row[] => {
	const rows: Row[] = [];
	visitRows<Row>(statement, parameters, (row) => {
		rows.push(row);
	});
	return rows;
};

const readFirst = <Row>(
	statement: PreparedStatement,
	parameters: SqlParameters
): Row | undefined => {
	start(statement, parameters);
	return statement.step() ? toRow<Row>(statement, statement.getColumnNames()) : undefined;
};

const visitRows = <Row>(
	statement: PreparedStatement,
	parameters: SqlParameters,
	visit: (row: Row) => boolean | void
): void => {
	start(statement, parameters);
	if (!statement.step()) return;
	const columns = statement.getColumnNames();
	do {
		if (visit(toRow<Row>(statement, columns)) === false) return;
	} while (statement.step());
};

const execute = (
	{ handle }: Connection,
	statements: StatementCache,
	sql: string,
	parameters: SqlParameters | undefined
): void => {
	if (!parameters) {
		handle.exec(sql);
		return;
	}
	statements.use(sql, (statement) => {
		start(statement, parameters);
		while (statement.step());
	});
};

const runEndable = <T>(connection: Connection, isEnded: () => boolean, work: () => T): T => {
	const lift = interruptWhen(connection, isEnded);
	try {
		return work();
	} catch (thrown) {
		if (isAppError(thrown, 'timeout') && isEnded()) {
			throw new AppError('cancelled', 'The work was ended.', {}, { cause: thrown });
		}
		throw thrown;
	} finally {
		lift();
	}
};

/** `changes()` keeps the figure of the last write, so a statement that wrote nothing must be told apart. */
const countChanges = ({ handle }: Connection, work: () => void): number => {
	const before = handle.changes(true);
	work();
	return handle.changes(true) === before ? 0 : handle.changes();
};

const createTransaction = (
	{ handle, engine }: Connection,
	guarded: <T>(work: () => T) => T
): Database['transaction'] => {
	let depth = 0;
	const isOpen = (): boolean =>
		handle.pointer !== undefined && engine.capi.sqlite3_get_autocommit(handle.pointer) === 0;

	return <T>(work: () => T): T => {
		const name = `level_${depth}`;
		const [begin, commit, rollback] =
			depth === 0
				? ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']
				: [`SAVEPOINT ${name}`, `RELEASE ${name}`, `ROLLBACK TO ${name}; RELEASE ${name}`];
		guarded(() => handle.exec(begin));
		depth += 1;
		try {
			const result = work();
			guarded(() => handle.exec(commit));
			return result;
		} catch (thrown) {
			// After a full disk SQLite has already rolled back everything, outer levels too.
			if (isOpen()) guarded(() => handle.exec(rollback));
			throw thrown;
		} finally {
			depth -= 1;
		}
	};
};
