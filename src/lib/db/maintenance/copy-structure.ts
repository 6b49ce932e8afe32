import { readSchemaVersion } from '$lib/db/migrations/migrate';
import { createDatabase, type Database } from '$lib/db/sqlite/database';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import { exportBytes } from '$lib/db/sqlite/export-bytes';
import { openConnection } from '$lib/db/sqlite/open-connection';
import type { StructureCopy } from '$lib/domain/structure-copy';
import { compareSchema, type SchemaComparison } from './expected-schema';

/** What the notebook is made of without a row of it, and only what the app itself makes: for support. */
export const copyStructure = (engine: SqliteEngine, database: Database): StructureCopy => {
	const version = readSchemaVersion(database);
	const { same, names, missing, changed, strangers } = compareSchema(engine, database, version);
	return {
		file: build(engine, database, same, version),
		schemaVersion: version,
		names,
		missing,
		changed,
		strangers: strangers.length
	};
};

const build = (
	engine: SqliteEngine,
	database: Database,
	same: SchemaComparison['same'],
	version: number
): Uint8Array<ArrayBuffer> => {
	const connection = openConnection(engine, { path: ':memory:', mode: 'create' });
	const copy = createDatabase(connection);
	try {
		for (const { sql } of same) copy.run(sql);
		const applicationId = database.get<{ application_id: number }>('PRAGMA application_id');
		copy.run(`PRAGMA application_id = ${applicationId?.application_id ?? 0}`);
		copy.run(`PRAGMA user_version = ${version}`);
		return exportBytes(connection);
	} finally {
		copy.close();
	}
};
