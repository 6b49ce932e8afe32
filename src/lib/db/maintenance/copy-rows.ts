import { findStoredProblem } from '$lib/domain/index-rules';
import { nextVersionSetting } from '$lib/domain/embedding-version';
import { upgradeSetting } from '$lib/domain/model-upgrade';
import { selfHashSetting } from '$lib/domain/self-hash';
import { createPacer } from '$lib/shared/pacer';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database, SqlValue } from '$lib/db/sqlite/database';
import { definePredicate } from '$lib/db/sqlite/define-function';
import { attached, attachForeign } from '$lib/db/sqlite/open-connection';
import { indexNotes, type NoteRange } from '$lib/db/repositories/text-index';
import type { CopiedTable } from './expected-schema';

const rowsPerBatch = 2_000;

/** The new file. */
export interface CopyTarget {
	readonly connection: Connection;
	readonly database: Database;
}

/**
 * Copies the rows of every table that is not derived out of the file at `path`; each is read and written
 * anew, and held against the rules of our own tables. Tags and full-text index are made of the notes.
 * Unusable vectors stay behind: their passages are indexed again. A change of the model that was under
 * way is over in the copy: nobody asked for it to begin by itself.
 */
export const copyRows = async (
	path: string,
	{ connection, database }: CopyTarget,
	tables: readonly CopiedTable[],
	onTable: (table: string) => void
): Promise<{ readonly skippedVectors: number }> => {
	let skippedVectors = 0;
	definePredicate(connection, soundVector, 2, (model_id, vector) => {
		const isSound = isSoundVector(model_id, vector);
		skippedVectors += isSound ? 0 : 1;
		return isSound;
	});
	const detach = attachForeign(connection, path);
	for (const table of tables) {
		onTable(table);
		await copyTable(database, table);
	}
	detach();
	return { skippedVectors };
};

const soundVector = 'is_sound_vector';

const isSoundVector = (model_id: SqlValue | undefined, vector: SqlValue | undefined): boolean =>
	typeof model_id === 'string' &&
	vector instanceof Uint8Array &&
	findStoredProblem(model_id, vector) === null;

const copyTable = async (database: Database, table: CopiedTable): Promise<void> => {
	const there = new Set(columnsOf(database, table, attached));
	// An older file lacks what later migrations brought: the defaults of the target stand in for it.
	const columns = columnsOf(database, table, 'main').filter((column) => there.has(column));
	if (columns.length === 0) return;
	const place = placeByTable[table] ?? 'rowid';
	const within = `${place} > $after AND ${place} <= $upTo`;
	const wanted = wantedByTable[table];
	const insert = `
		INSERT INTO main.${table} (${columns.join(', ')})
		SELECT ${columns.map((column) => (table === 'settings' ? settled(column) : column)).join(', ')}
		FROM ${attached}.${table} WHERE ${within} ${wanted ? `AND ${wanted}` : ''} ORDER BY ${place}`;
	await visitBatches(database, table, (batch) => {
		database.transaction(() => {
			database.run(insert, batch);
			if (table === 'notes') indexNotes(database, batch);
		});
	});
};

/** What stays behind. */
const wantedByTable: Partial<Record<CopiedTable, string>> = {
	settings: `key <> '${selfHashSetting}'`,
	chunk_vectors: `${soundVector}(model_id, vector)`
};

const settled = (column: string): string =>
	column === 'value'
		? `CASE WHEN key IN ('${upgradeSetting}', '${nextVersionSetting}') THEN 'null' ELSE value END`
		: column;

interface Last {
	readonly last: SqlValue;
}

/** The rows of the attached table in order of their place, so many at a time that others get their turn. */
const visitBatches = async (
	database: Database,
	table: CopiedTable,
	visit: (batch: NoteRange) => void
): Promise<void> => {
	const breathe = createPacer();
	const place = placeByTable[table] ?? 'rowid';
	const select = `
		SELECT max(place) AS last FROM (
			SELECT ${place} AS place FROM ${attached}.${table}
			WHERE ${place} > $after ORDER BY ${place} LIMIT ${rowsPerBatch}
		)`;
	let after: SqlValue = table in placeByTable ? '' : Number.MIN_SAFE_INTEGER;
	for (;;) {
		const found: Last | undefined = database.get<Last>(select, { $after: after });
		const upTo: SqlValue = found?.last ?? null;
		if (upTo === null) return;
		visit({ $after: after, $upTo: upTo });
		after = upTo;
		await breathe();
	}
};

const columnsOf = (database: Database, table: string, schema: string): string[] =>
	database
		.all<{ name: string }>('SELECT name FROM pragma_table_info($table, $schema)', {
			$table: table,
			$schema: schema
		})
		.map(({ name }) => name);

/** Tables without a rowid, by the column that orders them. */
export const placeByTable: Readonly<Record<string, string>> = {
	applied_writes: 'write_id',
	settings: 'key'
};
