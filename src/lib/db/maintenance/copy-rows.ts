import { nextVersionSetting } from '$lib/domain/embedding-version';
import { upgradeSetting } from '$lib/domain/model-upgrade';
import { createPacer, type Breathe } from '$lib/shared/pacer';
import type { Database, SqlValue } from '$lib/db/sqlite/database';
import { faultOf } from './check-vectors';
import type { CopiedTable } from './expected-schema';
import { selfHashSetting } from '$lib/domain/self-hash';

type Row = Record<string, SqlValue>;

const rowsPerBatch = 500;

/**
 * Copies the rows of every table that is not derived. Triggers of the target make tags and full-text
 * index anew. Unusable vectors stay behind: their passages are indexed again. A change of the model that
 * was under way is over in the copy: nobody asked for it to begin by itself.
 */
export const copyRows = async (
	source: Database,
	target: Database,
	tables: readonly CopiedTable[],
	onTable: (table: string) => void
): Promise<{ readonly skippedVectors: number }> => {
	const breathe = createPacer();
	let skippedVectors = 0;
	const isWanted = (table: string, row: Row): boolean => {
		if (table === 'settings') return row.key !== selfHashSetting;
		if (table !== 'chunk_vectors') return true;
		const isSound = isSoundVector(row);
		skippedVectors += isSound ? 0 : 1;
		return isSound;
	};
	for (const table of tables) {
		onTable(table);
		await copyTable({ source, target, table, breathe, isWanted: (row) => isWanted(table, row) });
	}
	return { skippedVectors };
};

const changeOfModel: readonly SqlValue[] = [upgradeSetting, nextVersionSetting];

const ends = ({ key }: Row, column: string): boolean =>
	column === 'value' && key !== undefined && changeOfModel.includes(key);

const isSoundVector = ({ model_id, vector }: Row): boolean =>
	typeof model_id === 'string' &&
	vector instanceof Uint8Array &&
	faultOf({ model_id, vector }) === null;

interface TableCopy {
	readonly source: Database;
	readonly target: Database;
	readonly table: string;
	readonly breathe: Breathe;
	readonly isWanted: (row: Row) => boolean;
}

const copyTable = async (copy: TableCopy): Promise<void> => {
	const { source, target, table, breathe, isWanted } = copy;
	const there = new Set(columnsOf(source, table));
	// An older file lacks what later migrations brought: the defaults of the target stand in for it.
	const columns = columnsOf(target, table).filter((column) => there.has(column));
	if (columns.length === 0) return;
	const placeholders = columns.map(() => '?').join(', ');
	const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${placeholders})`;
	for (let after = firstPlace(table); ;) {
		const rows = readBatch(source, table, columns, after);
		target.transaction(() => {
			for (const row of rows.filter(isWanted)) {
				target.run(
					insert,
					columns.map((column) => (ends(row, column) ? 'null' : (row[column] ?? null)))
				);
			}
		});
		const last = rows.at(-1);
		if (!last) return;
		after = last.place ?? null;
		await breathe();
	}
};

const columnsOf = (database: Database, table: string): string[] =>
	database
		.all<{ name: string }>('SELECT name FROM pragma_table_info($table)', { $table: table })
		.map(({ name }) => name);

/** In order of the row's place: the rowid, or the key of a table without one. */
const readBatch = (
	source: Database,
	table: string,
	columns: readonly string[],
	after: SqlValue
): Row[] => {
	const place = placeByTable[table] ?? 'rowid';
	return source.all<Row>(
		`SELECT ${place} AS place, ${columns.join(', ')} FROM ${table}
		WHERE ${place} > $after ORDER BY ${place} LIMIT ${rowsPerBatch}`,
		{ $after: after }
	);
};

/** Tables without a rowid, by the column that orders them. */
export const placeByTable: Readonly<Record<string, string>> = {
	applied_writes: 'write_id',
	settings: 'key'
};

const firstPlace = (table: string): SqlValue =>
	table in placeByTable ? '' : Number.MIN_SAFE_INTEGER;
