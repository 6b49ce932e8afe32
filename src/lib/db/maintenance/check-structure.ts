import { isAppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';
import type { PartCheck } from './integrity-part';

const maxFindings = 100;

/** What SQLite's own check says, without what concerns the full-text index alone. */
export const readStructureFindings = (database: Database, quick: boolean): string[] => {
	const pragma = quick ? 'quick_check' : 'integrity_check';
	const rows = database.all<Record<string, string>>(`PRAGMA ${pragma}(${maxFindings})`);
	return rows
		.flatMap((row) => Object.values(row))
		.filter((text) => text !== 'ok' && !isAboutFullText(text))
		.map((text) => `Structure of the file: ${text}`);
};

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

/** Compares the index with the notes word by word; only this finds an index that fell behind. */
export const checkFullText: PartCheck = (database) => {
	try {
		database.run("INSERT INTO notes_fts (notes_fts, rank) VALUES ('integrity-check', 1)", []);
		return { checked: 1, findings: [] };
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		const finding = 'The full-text index does not match the notes. It can be made anew.';
		return { checked: 1, findings: [finding] };
	}
};
