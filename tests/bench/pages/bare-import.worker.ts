/// <reference lib="webworker" />
import type { ImportedNote } from '$lib/domain/import';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { expose } from 'comlink';
import { insertAll, openBareDatabase } from './bare-database';

/** The plain reference for an import: the same rows in one transaction. */
const importAll = async (notes: readonly ImportedNote[]): Promise<number> => {
	const { db, remove } = await openBareDatabase();
	const startedMs = performance.now();
	insertAll(db, notes);
	const tookMs = performance.now() - startedMs;
	const found = db.selectValue('SELECT count(*) FROM notes_fts');
	if (found !== notes.length) throw new Error(`${String(found)} of ${notes.length} notes`);
	await remove();
	return tookMs;
};

const api = { importAll };
export type BareImport = typeof api;
installErrorTransfer();
expose(api);
