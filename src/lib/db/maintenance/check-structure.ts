import { describeTrouble, type Tree } from '$lib/domain/structure-trouble';
import { isAppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';
import type { PartCheck } from './integrity-part';

const maxFindings = 100;

/** What SQLite's own check says, table by table, without what concerns the full-text index alone. */
export const readStructureFindings = (database: Database, quick: boolean): string[] => {
	const pragma = quick ? 'quick_check' : 'integrity_check';
	const trees = readTrees(database);
	const lines = readTrouble(database, pragma, trees).filter((text) => !isAboutFullText(text));
	return describeTrouble(lines, trees).map((text) => `Structure of the file: ${text}`);
};

type Check = 'quick_check' | 'integrity_check';

/** On a page that makes no sense at all SQLite throws, without a word on where: then each table is asked. */
const readTrouble = (database: Database, pragma: Check, trees: readonly Tree[]): string[] => {
	try {
		return runCheck(database, `PRAGMA ${pragma}(${maxFindings})`);
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		const found = trees.flatMap((tree) => checkTable(database, pragma, tree));
		if (found.length === 0) throw thrown;
		return found;
	}
};

const readTrees = (database: Database): Tree[] =>
	database.all<Tree>(
		'SELECT type, name, tbl_name AS "table", rootpage AS rootPage FROM sqlite_schema WHERE rootpage > 0'
	);

const checkTable = (database: Database, pragma: Check, { type, name }: Tree): string[] => {
	if (type !== 'table') return [];
	try {
		return runCheck(database, `PRAGMA ${pragma}('${name.replaceAll("'", "''")}')`);
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		return [`table ${name} cannot be read whole. ${thrown.message}`];
	}
};

const runCheck = (database: Database, sql: string): string[] =>
	database
		.all<Record<string, string>>(sql)
		.flatMap((row) => Object.values(row))
		.flatMap((text) => text.split('\n'))
		.filter((text) => text !== 'ok' && !text.startsWith('***'));

/** The full-text index can be made anew from the notes: it has its own check and is never a reason to stop. */
const isAboutFullText = (text: string): boolean => /inverted index for FTS5/i.test(text);

export const checkStructure: PartCheck = (database, { quick }) => {
	const findings = readStructureFindings(database, quick);
	const pages = database.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
	return { checked: pages, findings };
};

export const checkForeignKeys: PartCheck = (database) => {
	const rows = database.all<{ table: string; rowid: number | null; parent: string }>(
		'PRAGMA foreign_key_check'
	);
	const byTable = new Map<string, number>();
	for (const { table, parent } of rows) {
		const key = `${table}: rows that point to a row missing from ${parent}`;
		byTable.set(key, (byTable.get(key) ?? 0) + 1);
	}
	return {
		checked: 1,
		findings: [...byTable].map(([key, count]) => `${key} (${count}).`)
	};
};

/** SQLITE_CORRUPT_VTAB: the index, not the file it lies in. */
const corruptIndex = 267;

/** Compares the index with the notes word by word; only this finds an index that fell behind. */
export const checkFullText: PartCheck = (database) => {
	try {
		database.run("INSERT INTO notes_fts (notes_fts, rank) VALUES ('integrity-check', 1)", []);
		return { checked: 1, findings: [] };
	} catch (thrown) {
		if (!isAppError(thrown) || thrown.details.sqliteCode !== corruptIndex) throw thrown;
		const finding = 'The full-text index does not match the notes.';
		return { checked: 1, findings: [finding] };
	}
};
