import type { SqlResult } from '$lib/domain/database-report';
import { toHex } from '$lib/shared/bytes';
import { AppError } from '$lib/shared/app-error';
import { secondMs } from '$lib/shared/time';
import type { PreparedStatement } from '@sqlite.org/sqlite-wasm';
import type { Connection } from './connection';
import { limitTime } from './open-connection';
import { translateSqliteError } from './sqlite-errors';
import { splitStatements, withoutComments } from './split-statements';
import { forbidDangerous, isCare } from './sql-guard';

const longestMs = 30 * secondMs;

/** Looks at what a write does, and settles what follows from it before it is on disk. */
export interface WriteWatch {
	/** Before the first statement. */
	start(): void;
	/** In the transaction of the statements, before it ends; again after those that end their own. */
	settle(): void;
	/** After the last one, whether it failed or not. */
	stop(): void;
}

interface SqlRules {
	readonly limitMs?: number;
	readonly watch?: WriteWatch;
}

/**
 * Runs what a user typed: one or more statements, the rows of the last that has any. Without `write` a
 * statement that would change something is refused before it runs, VACUUM, ANALYZE and PRAGMA
 * checks excepted. What would break the notebook itself (ATTACH, changed settings) is refused always.
 * When one statement of a write fails, none of them is kept: see `ownsTransaction` for the exception.
 */
export const runSql = (
	connection: Connection,
	sql: string,
	write: boolean,
	{ limitMs = longestMs, watch }: SqlRules = {}
): SqlResult => {
	const startedAt = performance.now();
	const { handle } = connection;
	const liftLimit = limitTime(connection, limitMs);
	try {
		const statements = splitStatements(connection, sql);
		for (const text of statements) forbidDangerous(connection, text, write);
		const result = write
			? runWrite(connection, statements, watch)
			: runAll(connection, statements, write);
		assertNoOpenTransaction(connection);
		return { ...result, durationMs: performance.now() - startedAt };
	} catch (thrown) {
		throw toInputError(translateSqliteError(thrown, connection.takeFault));
	} finally {
		liftLimit();
		if (handle.isOpen() && !isAutocommit(connection)) handle.exec('ROLLBACK');
		if (write && handle.isOpen()) watch?.stop();
	}
};

type Outcome = Omit<SqlResult, 'durationMs'>;

const runWrite = (
	connection: Connection,
	statements: readonly string[],
	watch: WriteWatch | undefined
): Outcome => {
	watch?.start();
	const isWhole = !statements.some(ownsTransaction);
	if (isWhole) connection.handle.exec('BEGIN IMMEDIATE');
	const result = runAll(connection, statements, true, watch);
	if (isWhole) settleAndCommit(connection, watch);
	return result;
};

const runAll = (
	connection: Connection,
	statements: readonly string[],
	write: boolean,
	watch?: WriteWatch
): Outcome => {
	let last: Pick<SqlResult, 'columns' | 'rows'> = { columns: [], rows: [] };
	let rowsAffected = 0;
	for (const text of statements) {
		const isOwner = ownsTransaction(text);
		if (isOwner) watch?.settle();
		const isAlone = write && !isOwner && isAutocommit(connection);
		if (isAlone) connection.handle.exec('BEGIN IMMEDIATE');
		const one = runOne(connection, text, write);
		if (one.columns.length > 0) last = one;
		rowsAffected += one.rowsAffected;
		// Beside a VACUUM or a COMMIT each statement is on disk by itself: settled, or not at all.
		if (isAlone) settleAndCommit(connection, watch);
	}
	return { columns: last.columns, rows: last.rows, rowsAffected };
};

const settleAndCommit = ({ handle }: Connection, watch: WriteWatch | undefined): void => {
	watch?.settle();
	handle.exec('COMMIT');
};

const runOne = (connection: Connection, text: string, write: boolean): Outcome => {
	const statement = connection.handle.prepare(text);
	try {
		if (!write && !isReadOnly(connection, statement) && !isCare(text)) throw refusal();
		const totalBefore = connection.handle.changes(true);
		const rows = readRows(statement);
		const columns = statement.columnCount > 0 ? statement.getColumnNames() : [];
		return { columns, rows, rowsAffected: countChanged(connection, totalBefore) };
	} finally {
		statement.finalize();
	}
};

/** Rows that the last statement changed itself, without those of triggers. `changes()` alone keeps the figure of an earlier one. */
const countChanged = ({ handle }: Connection, totalBefore: number): number =>
	handle.changes(true) === totalBefore ? 0 : handle.changes();

/** VACUUM runs in no transaction, and who writes BEGIN says what belongs together: such a script runs as it is written. */
const ownsTransaction = (sql: string): boolean =>
	/^(VACUUM|BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b/i.test(withoutComments(sql));

const readRows = (statement: PreparedStatement): unknown[][] => {
	const rows: unknown[][] = [];
	while (statement.step()) {
		if (statement.columnCount > 0) rows.push((statement.get([]) as unknown[]).map(toPlain));
	}
	return rows;
};

/** JSON has neither big integers nor bytes. */
const toPlain = (value: unknown): unknown => {
	if (typeof value === 'bigint') return value.toString();
	return value instanceof Uint8Array ? `x'${toHex(value)}'` : value;
};

const isReadOnly = ({ engine }: Connection, statement: PreparedStatement): boolean =>
	statement.pointer !== undefined && engine.capi.sqlite3_stmt_readonly(statement.pointer) !== 0;

const refusal = (): AppError =>
	new AppError('input-invalid', 'This statement would change the database. Unlock writing first.');

const isAutocommit = ({ engine, handle }: Connection): boolean =>
	!handle.pointer || engine.capi.sqlite3_get_autocommit(handle.pointer) !== 0;

const assertNoOpenTransaction = (connection: Connection): void => {
	if (isAutocommit(connection)) return;
	const message = 'The statements left a transaction open. It was rolled back: end with COMMIT.';
	throw new AppError('input-invalid', message);
};

/** A mistake in the SQL is the user's to mend, not a fault of the app. */
const toInputError = (error: AppError): AppError =>
	error.code === 'unknown'
		? new AppError('input-invalid', error.message, error.details, { cause: error })
		: error;
