import { AppError } from '$lib/shared/app-error';
import type { Connection } from '$lib/db/sqlite/connection';
import { createDatabase, type Database, type SqlParameters } from '$lib/db/sqlite/database';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import type { Pool } from '$lib/db/sqlite/pool';
import { createStatementTimes, type StatementTimes } from '$lib/db/sqlite/statement-times';
import { toRawFile, type RawFile } from '$lib/db/sqlite/raw-file';

/** The live file and the connection to it. A restore puts another file behind the same `database`. */
export interface LiveFile {
	/** Stays the same object; throws `db-closed` while nothing is open. */
	readonly database: Database;
	/** How long what went through `database` took; it survives a restore. */
	readonly times: StatementTimes;
	/** Null when no file is live: it is missing, or cannot be told. */
	path(): string | null;
	isOpen(): boolean;
	/** Opens a file that exists, without reading it. */
	attach(path: string): Database;
	/** Takes over a connection that is already open. */
	adopt(path: string, connection: Connection): void;
	connection(): Connection;
	/** Closes the file; `path` is kept. */
	detach(): void;
	/** Names the file that would be live, for recovery. */
	point(path: string | null): void;
	/** The bytes on disk, open or not. The file must exist. */
	readRaw<T>(work: (file: RawFile) => T): T;
}

interface Opened {
	readonly connection: Connection;
	readonly database: Database;
}

export const createLiveFile = (pool: Pool): LiveFile => {
	let livePath: string | null = null;
	let opened: Opened | null = null;

	const current = (): Opened => {
		if (!opened) throw new AppError('db-closed', 'The notebook is not open.');
		return opened;
	};

	const times = createStatementTimes();
	const database: Database = {
		all: <Row extends object>(sql: string, parameters?: SqlParameters) =>
			times.timed(sql, () => current().database.all<Row>(sql, parameters)),
		get: <Row extends object>(sql: string, parameters?: SqlParameters) =>
			times.timed(sql, () => current().database.get<Row>(sql, parameters)),
		each: (sql, parameters, visit) => current().database.each(sql, parameters, visit),
		run: (sql, parameters) => times.timed(sql, () => current().database.run(sql, parameters)),
		transaction: (work) => current().database.transaction(work),
		endable: (isEnded, work) => current().database.endable(isEnded, work),
		path: () => current().database.path(),
		close: () => opened?.database.close()
	};

	return {
		database,
		times,
		path: () => livePath,
		isOpen: () => opened !== null,
		attach(path) {
			const connection = pool.open(path, 'write');
			livePath = path;
			opened = { connection, database: createDatabase(connection) };
			return database;
		},
		adopt(path, connection) {
			livePath = path;
			opened = { connection, database: toOwnDatabase(connection) };
		},
		connection: () => current().connection,
		detach() {
			opened?.database.close();
			opened = null;
		},
		point(path) {
			livePath = path;
		},
		readRaw(work) {
			if (opened) return work(toRawFile(opened.connection));
			if (livePath === null || !pool.has(livePath)) {
				throw new AppError('db-missing', 'The file of the notebook is not there.');
			}
			const connection = pool.open(livePath, 'read');
			try {
				return work(toRawFile(connection));
			} finally {
				connection.handle.close();
			}
		}
	};
};
