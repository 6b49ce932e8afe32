import { minuteMs } from '$lib/shared/time';
import type { Connection } from './connection';
import { createDatabase, type Database } from './database';
import type { SqliteEngine } from './engine';
import { interruptWhen } from './interrupt';
import { translateSqliteError, type TakeStorageFault } from './sqlite-errors';

/** How a file is opened: `create` only for a file that this call is to make. */
export type OpenMode = 'create' | 'write' | 'read';

const flagByMode: Record<OpenMode, string> = { create: 'c', write: 'w', read: 'r' };

export const openConnection = (
	engine: SqliteEngine,
	options: {
		readonly path: string;
		readonly vfs?: string;
		readonly mode: OpenMode;
		readonly takeFault?: TakeStorageFault;
	}
): Connection => {
	const takeFault = options.takeFault ?? (() => null);
	try {
		const handle = new engine.oo1.DB({
			filename: options.path,
			flags: flagByMode[options.mode],
			...(options.vfs ? { vfs: options.vfs } : {})
		});
		return { engine, handle, takeFault, interrupts: new Set() };
	} catch (thrown) {
		throw translateSqliteError(thrown, takeFault);
	}
};

/** RELIABILITY.md 2.2: what survived every power cut there. Never NORMAL, never OFF. */
export const durable = `
	PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;
	PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
	PRAGMA recursive_triggers = OFF; PRAGMA cache_size = -2000;
`;

/** A file of ours: durable writes, foreign keys, no writes below the schema. */
export const toOwnDatabase = (connection: Connection): Database => {
	configure(connection, connection.engine.capi.SQLITE_DBCONFIG_DEFENSIVE, 1);
	const database = createDatabase(connection);
	database.run(durable);
	return database;
};

/**
 * A file from elsewhere: none of its triggers and views run, its schema may call nothing of ours, and
 * work on it that does not end is stopped.
 */
export const toForeignDatabase = (connection: Connection): Database => {
	configure(connection, connection.engine.capi.SQLITE_DBCONFIG_DEFENSIVE, 1);
	allowSchemaCode(connection, false);
	limitTime(connection, foreignLimitMs);
	const database = createDatabase(connection);
	// EXCLUSIVE also keeps SQLite from looking for a journal that a killed process left under this name.
	database.run('PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON;');
	return database;
};

/**
 * A damaged file of ours, to be read as far as it goes: nothing in its schema is run, and parts of the
 * schema that make no sense are passed over.
 */
export const toDamagedDatabase = (connection: Connection): Database => {
	allowSchemaCode(connection, false);
	limitTime(connection, foreignLimitMs);
	const database = createDatabase(connection);
	database.run(
		'PRAGMA writable_schema = ON; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON;'
	);
	return database;
};

type ConfigKey = Parameters<SqliteEngine['capi']['sqlite3_db_config']>[1] & 1010;

const configure = ({ engine, handle }: Connection, key: number, value: number): void => {
	engine.capi.sqlite3_db_config(handle, key as ConfigKey, value);
};

/** Whether triggers and views run. No schema, ours neither, may call what reaches outside of it. */
const allowSchemaCode = (connection: Connection, isAllowed: boolean): void => {
	const { capi } = connection.engine;
	configure(connection, capi.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
	configure(connection, capi.SQLITE_DBCONFIG_ENABLE_TRIGGER, isAllowed ? 1 : 0);
	configure(connection, capi.SQLITE_DBCONFIG_ENABLE_VIEW, isAllowed ? 1 : 0);
};

/** The name of a file of the pool that is read past the lock of another connection, which writes nothing. */
export const unchanging = (path: string): string => `file:${path}?immutable=1`;

/** What modules make of tables, the full-text index, is not looked into through this connection. */
export const withoutModules = (connection: Connection): Connection => {
	connection.engine.capi.sqlite3_drop_modules(connection.handle.pointer ?? 0, 0);
	return connection;
};

/** The name under which the tables of an attached file are read: `source.notes`. */
export const attached = 'source';

/**
 * Lets a connection of ours read another file of its pool, as one from elsewhere: read-only, and nothing
 * of it runs. Another connection may hold it, as long as that writes nothing. Meanwhile no trigger of
 * ours runs either, and links between tables are not enforced. Returns the function that ends it; after
 * a failure the connection is only good for closing.
 */
export const attachForeign = (connection: Connection, path: string): (() => void) => {
	const database = createDatabase(connection);
	allowSchemaCode(connection, false);
	const liftLimit = limitTime(connection, foreignLimitMs);
	database.run('PRAGMA foreign_keys = OFF');
	database.run(`ATTACH $file AS ${attached}`, { $file: unchanging(path) });
	return () => {
		database.run(`DETACH ${attached}; PRAGMA foreign_keys = ON`);
		liftLimit();
		allowSchemaCode(connection, true);
	};
};

const foreignLimitMs = 10 * minuteMs;

/** Ends any statement once `limitMs` have passed since now. Returns the function that lifts the limit. */
export const limitTime = (connection: Connection, limitMs: number): (() => void) => {
	const endsAt = performance.now() + limitMs;
	return interruptWhen(connection, () => performance.now() > endsAt);
};
