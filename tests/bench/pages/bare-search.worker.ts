/// <reference lib="webworker" />
import type { ImportedNote } from '$lib/domain/import';
import { matchAnyPrefix, parseQuery } from '$lib/domain/search-query';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import type { Database } from '@sqlite.org/sqlite-wasm';
import { expose } from 'comlink';
import { insertAll, openBareDatabase } from './bare-database';
import { createVectors, dimensions } from './vectors';

/** The plain reference for a search: FTS5 in order of rank, a loop over all vectors, ranks added up. */
let db: Database;
let matrix = new Float32Array(0);
let noteOfRow = new Uint32Array(0);

const depth = 200;
const shown = 50;

const prepare = async (notes: readonly ImportedNote[], passages: number): Promise<void> => {
	({ db } = await openBareDatabase());
	insertAll(db, notes);
	const vectorOf = createVectors();
	matrix = new Float32Array(passages * dimensions);
	noteOfRow = new Uint32Array(passages);
	for (let row = 0; row < passages; row += 1) {
		matrix.set(vectorOf(row + 1), row * dimensions);
		noteOfRow[row] = 1 + Math.floor((row * notes.length) / passages);
	}
};

const search = (text: string, vector: Float32Array): number => {
	const scores = new Map<number, number>();
	const add = (seq: number, rank: number): void =>
		void scores.set(seq, (scores.get(seq) ?? 0) + 1 / (60 + rank));
	byWords(text).forEach(add);
	byMeaning(vector).forEach(add);
	const best = [...scores].sort((a, b) => b[1] - a[1]).slice(0, shown);
	return best.map(([seq]) => read(seq)).filter((title) => title !== undefined).length;
};

const byWords = (text: string): number[] =>
	db.selectValues('SELECT rowid FROM notes_fts WHERE notes_fts MATCH ? ORDER BY rank LIMIT ?', [
		matchAnyPrefix(parseQuery(text).words),
		depth
	]) as number[];

const byMeaning = (vector: Float32Array): number[] => {
	const similarities = scan(vector);
	const rows = [...similarities.keys()].sort(
		(a, b) => (similarities[b] ?? 0) - (similarities[a] ?? 0)
	);
	return [...new Set(rows.slice(0, depth).map((row) => noteOfRow[row] ?? 0))];
};

const scan = (vector: Float32Array): Float32Array => {
	const similarities = new Float32Array(noteOfRow.length);
	for (let row = 0, at = 0; row < similarities.length; row += 1) {
		let sum = 0;
		for (let i = 0; i < dimensions; i += 1, at += 1) {
			sum += (matrix[at] as number) * (vector[i] as number);
		}
		similarities[row] = sum;
	}
	return similarities;
};

const read = (seq: number): unknown =>
	db.selectArray('SELECT title, substr(body, 1, 300), tags, updated_at FROM notes WHERE seq = ?', [
		seq
	]);

const api = { prepare, search };
export type BareSearch = typeof api;
installErrorTransfer();
expose(api);
