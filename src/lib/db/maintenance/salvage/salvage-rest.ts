import { findStoredProblem } from '$lib/domain/index-rules';
import type { RowRange, SalvagedTable } from '$lib/domain/salvage';
import type { Database } from '$lib/db/sqlite/database';
import { hasSamePassages } from '$lib/db/maintenance/check-notes';
import { placeByTable } from '$lib/db/maintenance/copy-rows';
import { copiedTables, type CopiedTable } from '$lib/db/maintenance/expected-schema';
import type { NoteRow } from '$lib/db/maintenance/note-rows';
import { selfHashSetting } from '$lib/domain/self-hash';
import { isDamage, readByRanges, type Row } from './read-ranges';

/** Made anew when the notebook is opened: what waits, and the jobs that worked on it. */
const leftOut: readonly CopiedTable[] = ['notes', 'index_jobs', 'index_queue', 'next_queue'];

/**
 * Every other table, as far as it can be read and fits to the notes that were saved. None of it is worth
 * losing a note for: what does not fit is left out, and passages and vectors are made anew.
 */
export const salvageRest = (source: Database | null, target: Database): SalvagedTable[] => {
	const tables = copiedTables.filter((table) => !leftOut.includes(table));
	const read = tables.map((table) => {
		const reading = { target, table, columns: columnsOf(target, table) };
		return { table, ...(source ? readTable(source, reading) : nothing) };
	});
	dropWrongPassages(target);
	dropOrphans(target);
	return read.map((each) => ({ ...each, saved: count(target, each.table) }));
};

interface Reading {
	readonly target: Database;
	readonly table: CopiedTable;
	readonly columns: readonly string[];
}

type TableRead = Pick<SalvagedTable, 'lost' | 'unread'>;
const nothing: TableRead = { lost: null, unread: [] };

const readTable = (source: Database, { target, table, columns }: Reading): TableRead => {
	const marks = columns.map(() => '?').join(', ');
	const insert = `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${marks})`;
	let rows = 0;
	const take = (row: Row): void => {
		rows += 1;
		if (!isSound(table, row)) return;
		const values = columns.map((column) => row[column] ?? null);
		tryRow(() => target.run(insert, values));
	};
	return target.transaction(() => {
		const key = placeByTable[table];
		if (key !== undefined) return readByKey(source, { table, columns, key }, take);
		const unread = readByRow(source, { table, columns }, take);
		return { unread, lost: unread.length === 0 ? 0 : countMissing(source, table, rows) };
	});
};

const indexByTable: Partial<Record<CopiedTable, string>> = {
	chunks: 'chunks_by_note',
	chunk_vectors: 'sqlite_autoindex_chunk_vectors_1'
};

/** An index has an entry for each row, wherever that lies. Null when the index cannot be read either. */
const countMissing = (source: Database, table: CopiedTable, rows: number): number | null => {
	const index = indexByTable[table];
	if (index === undefined) return null;
	try {
		const sql = `SELECT count(*) AS n FROM ${table} INDEXED BY ${index}`;
		return Math.max(0, (source.get<{ n: number }>(sql)?.n ?? 0) - rows);
	} catch (thrown) {
		if (!isDamage(thrown)) throw thrown;
		return null;
	}
};

/** A value of the wrong kind does not fit into the table: that row is left out. */
const tryRow = (work: () => void): void => {
	try {
		work();
	} catch (thrown) {
		if (!/constraint|cannot store|datatype/i.test(String(thrown))) throw thrown;
	}
};

const isSound = (table: CopiedTable, row: Row): boolean => {
	if (table === 'chunk_vectors') {
		const { model_id, vector } = row;
		const isRead = typeof model_id === 'string' && vector instanceof Uint8Array;
		return isRead && findStoredProblem(model_id, vector) === null;
	}
	return table !== 'settings' || (row.key !== selfHashSetting && isReadable(row.value));
};

/** Most settings are JSON; one with a letter changed would trip whoever reads it. */
const isReadable = (value: Row[string] | undefined): boolean => {
	if (typeof value !== 'string') return false;
	if (!/^[[{"]/.test(value)) return true;
	try {
		JSON.parse(value);
		return true;
	} catch {
		return false;
	}
};

type Query = Pick<Reading, 'table' | 'columns'>;

const readByRow = (source: Database, query: Query, take: (row: Row) => void): RowRange[] => {
	const range = { from: 1, to: lastRow(source, query.table) };
	return readByRanges(source, { ...query, range }, take);
};

const unknownRows = 500;

const lastRow = (source: Database, table: string): number => {
	try {
		const sql = `SELECT max(rowid) AS last FROM ${table} NOT INDEXED`;
		return source.get<{ last: number | null }>(sql)?.last ?? 0;
	} catch (thrown) {
		if (!isDamage(thrown)) throw thrown;
		return unknownRows;
	}
};

/** From the first key to the damage, and from the last one back to it. */
const readByKey = (
	source: Database,
	{ table, columns, key }: Query & { readonly key: string },
	take: (row: Row) => void
): TableRead => {
	const sql = `SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${key}`;
	const read = (order: 'ASC' | 'DESC'): boolean => {
		try {
			source.each<Row>(`${sql} ${order}`, [], take);
			return true;
		} catch (thrown) {
			if (!isDamage(thrown)) throw thrown;
			return false;
		}
	};
	return read('ASC') || read('DESC') ? { lost: 0, unread: [] } : nothing;
};

/** Passages that are not those of the note's text would point into nowhere. */
const dropWrongPassages = (target: Database): void => {
	const wrong: number[] = [];
	const sql = 'SELECT * FROM notes WHERE seq IN (SELECT note_seq FROM chunks)';
	target.each<NoteRow>(sql, [], (row) => {
		if (!hasSamePassages(target, row)) wrong.push(row.seq);
	});
	target.transaction(() => {
		for (const seq of wrong) target.run('DELETE FROM chunks WHERE note_seq = $seq', { $seq: seq });
	});
};

/** Rows that point to a row that was lost, and those that point to these. */
const dropOrphans = (target: Database): void => {
	const find = (): { table: string; rowid: number | null }[] =>
		target.all('PRAGMA foreign_key_check');
	for (let orphans = find(); orphans.length > 0; orphans = find()) {
		target.transaction(() => {
			for (const { table, rowid } of orphans) {
				target.run(`DELETE FROM ${table} WHERE rowid = $rowid`, { $rowid: rowid });
			}
		});
	}
};

const columnsOf = (database: Database, table: string): string[] =>
	database
		.all<{ name: string }>('SELECT name FROM pragma_table_info($table)', { $table: table })
		.map(({ name }) => name);

const count = (database: Database, table: string): number =>
	database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n ?? 0;
