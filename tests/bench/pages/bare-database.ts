import schema from '$lib/db/migrations/0001_initial.sql?raw';
import type { ImportedNote } from '$lib/domain/import';
import initSqlite, { type Database } from '@sqlite.org/sqlite-wasm';

/** Sqlite-wasm as its manual has it, nothing of the app but the tables. */
export interface BareDatabase {
	readonly db: Database;
	/** Closes the file and removes it. */
	remove(): Promise<void>;
}

export const openBareDatabase = async (): Promise<BareDatabase> => {
	const name = `bare-${crypto.randomUUID().slice(0, 8)}`;
	const sqlite = await initSqlite();
	const pool = await sqlite.installOpfsSAHPoolVfs({ name, directory: name, initialCapacity: 6 });
	const db = new pool.OpfsSAHPoolDb('/bare.db');
	// The app's durability, so that the disk costs both the same.
	db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE;');
	db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
	db.exec(schema);
	db.exec('DROP TRIGGER notes_after_insert');
	return {
		db,
		async remove() {
			db.close();
			await pool.removeVfs();
		}
	};
};

/** All notes and their words in one transaction. */
export const insertAll = (db: Database, notes: readonly ImportedNote[]): void => {
	const now = Date.now();
	const hash = '0'.repeat(64);
	db.exec('BEGIN IMMEDIATE');
	const insertNote = db.prepare(
		`INSERT INTO notes (seq, id, title, body, tags, path, created_at, updated_at, content_hash)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	);
	const insertWords = db.prepare(
		'INSERT INTO notes_fts (rowid, title, body, tags) VALUES (?, ?, ?, ?)'
	);
	notes.forEach(({ title, body, tags, path, createdAtMs, updatedAtMs }, index) => {
		const seq = index + 1;
		const tagList = JSON.stringify(tags);
		const times = [createdAtMs ?? now, updatedAtMs ?? now];
		insertNote
			.bind([seq, crypto.randomUUID(), title, body, tagList, path, ...times, hash])
			.stepReset();
		insertWords.bind([seq, title, body, tagList]).stepReset();
	});
	insertNote.finalize();
	insertWords.finalize();
	db.exec('COMMIT');
};
