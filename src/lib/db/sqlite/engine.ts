import initSqlite, { type Sqlite3Static } from '@sqlite.org/sqlite-wasm';

/** The SQLite library, loaded once in a thread. Only files of db/sqlite look inside. */
export type SqliteEngine = Sqlite3Static;

let loading: Promise<SqliteEngine> | null = null;

/** Loads SQLite without the VFSs that need a proxy worker: they cost 300 ms and are not used. */
export const loadEngine = (): Promise<SqliteEngine> => {
	loading ??= load().catch((error: unknown) => {
		loading = null;
		throw error;
	});
	return loading;
};

const load = (): Promise<SqliteEngine> => {
	const silent = (): void => undefined;
	const scope = globalThis as { sqlite3ApiConfig?: unknown };
	scope.sqlite3ApiConfig = {
		disable: { vfs: { opfs: true, 'opfs-wl': true } },
		// What goes wrong arrives as an exception; the library's own console lines say less.
		debug: silent,
		log: silent,
		warn: silent,
		error: silent
	};
	return initSqlite();
};

export const sqliteVersion = (engine: SqliteEngine): string => engine.version.libVersion;
