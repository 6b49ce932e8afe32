import { newestSchemaVersion } from '$lib/db/migrations';
import { migrate } from '$lib/db/migrations/migrate';
import type { Database } from '$lib/db/sqlite/database';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import { openConnection, toOwnDatabase } from '$lib/db/sqlite/open-connection';

/** Tables whose rows a restore takes over, in an order that foreign keys allow. The rest is derived. */
export const copiedTables = [
	'notes',
	'chunks',
	'chunk_vectors',
	'index_jobs',
	'index_queue',
	'next_queue',
	'applied_writes',
	'settings'
] as const;

export type CopiedTable = (typeof copiedTables)[number];

/** Each row of these carries a hash of its own. The rest can be made anew, or is of little worth. */
export const hashedTables: readonly CopiedTable[] = ['notes'];

interface SchemaRow {
	readonly type: string;
	readonly name: string;
	readonly sql: string | null;
}

export interface SchemaVerdict {
	/** What makes the file unfit. */
	readonly findings: readonly string[];
	/** Things in it that are not ours: never run, never copied. */
	readonly strangers: readonly string[];
}

/** Holds the schema of a file against the one that our own migrations make of that version. */
export const judgeSchema = (
	engine: SqliteEngine,
	database: Database,
	version: number,
	name: string
): SchemaVerdict => {
	const expected = schemaOf(engine, version);
	const found = readSchema(database);
	const findings = copiedTables
		.filter((table) => expected.has(`table ${table}`))
		.filter((table) => found.get(`table ${table}`) !== expected.get(`table ${table}`))
		.map((table) => `${name}: table ${table} is missing or not as this app makes it.`);
	const strangers = [...found.keys()].filter((key) => !expected.has(key));
	const masks = strangers
		.filter((key) => isMask(key.slice(key.indexOf(' ') + 1)))
		.map((key) => `${name}: ${key} bears a name of SQLite’s own, which no notebook does.`);
	return { findings: [...findings, ...masks], strangers };
};

/** A table of this name would answer in the place of what SQLite itself knows: of its files, columns and pages. */
const isMask = (name: string): boolean => /^(pragma_|json_|dbstat$|fts5)/i.test(name);

/** What a new file of ours has more, less or otherwise than our own migrations make. */
export const judgeOwnSchema = (engine: SqliteEngine, database: Database): readonly string[] => {
	const { missing, changed, strangers } = compareSchema(engine, database, newestSchemaVersion);
	return [...missing, ...changed, ...strangers].map((key) => `${key} is not as this app makes it.`);
};

export interface SchemaComparison {
	/** Parts just as the app makes them, in an order in which they can be made. */
	readonly same: readonly { readonly key: string; readonly sql: string }[];
	/** Names of all that the app makes. */
	readonly names: readonly string[];
	/** `table notes` */
	readonly missing: readonly string[];
	readonly changed: readonly string[];
	readonly strangers: readonly string[];
}

/** Every table, index and trigger of a notebook against those that our own migrations make. */
export const compareSchema = (
	engine: SqliteEngine,
	database: Database,
	version: number
): SchemaComparison => {
	const expected = schemaOf(engine, version);
	const found = readSchema(database);
	const keys = [...expected.keys()];
	const isSame = (key: string): boolean => found.get(key) === expected.get(key);
	return {
		same: database.all<SchemaRow>(selectSchema).flatMap(({ type, name, sql }) => {
			const key = `${type} ${name}`;
			return sql !== null && expected.has(key) && isSame(key) && !isMadeByAnother(key, keys)
				? [{ key, sql }]
				: [];
		}),
		names: keys.map((key) => key.slice(key.indexOf(' ') + 1)),
		missing: keys.filter((key) => !found.has(key)),
		changed: keys.filter((key) => found.has(key) && !isSame(key)),
		strangers: [...found.keys()].filter((key) => !expected.has(key))
	};
};

/** The tables inside of a full-text index come with it. */
const isMadeByAnother = (key: string, keys: readonly string[]): boolean =>
	keys.some((other) => other.endsWith('_fts') && key.startsWith(`${other}_`));

const schemaOf = (engine: SqliteEngine, version: number): Map<string, string> => {
	const database = toOwnDatabase(openConnection(engine, { path: ':memory:', mode: 'create' }));
	try {
		migrate(database, version);
		return readSchema(database);
	} finally {
		database.close();
	}
};

const readSchema = (database: Database): Map<string, string> => {
	const rows = database.all<SchemaRow>(selectSchema);
	return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, normalise(sql ?? '')]));
};

const selectSchema = `
	SELECT type, name, sql FROM sqlite_schema
	WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`;

/** Layout, comments and quotes around names change nothing. */
const normalise = (sql: string): string =>
	sql
		.replace(/--[^\n]*/g, '')
		.replace(/"(\w+)"/g, '$1')
		.replace(/\s+/g, ' ')
		.replace(/\s*([(),])\s*/g, '$1')
		.trim()
		.toLowerCase();
