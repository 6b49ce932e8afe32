import type { Database } from '$lib/db/sqlite/database';
import { AppError } from '$lib/shared/app-error';
import type { HashedNote } from './prepare-import';

/** [Note: Bulk insert]
 * A trigger that writes into FTS5 makes SQLite open a savepoint for every row, and at each savepoint
 * FTS5 writes out the words it has gathered: that doubles the time of an import. So the insert trigger
 * is set aside inside the transaction, its work is done here, and it is put back word for word. A
 * rollback brings it back as well.
 */

/** Many new notes, without their passages; returns their row numbers. Call it inside a transaction. */
export const insertNotes = (db: Database, notes: readonly HashedNote[]): readonly number[] => {
	const trigger = db.get<{ sql: string }>(selectTrigger);
	if (!trigger) throw new AppError('db-damaged', `The notebook lacks ${triggerName}.`);
	db.run(`DROP TRIGGER ${triggerName}`);
	const last = db.get<{ last: number | null }>(selectLast)?.last ?? 0;
	const seqs = notes.map((note, index) => insertNote(db, last + 1 + index, note));
	db.run(trigger.sql);
	return seqs;
};

const insertNote = (db: Database, seq: number, { note, hash }: HashedNote): number => {
	const { id, title, body, path, createdAtMs, updatedAtMs, trashedAtMs } = note;
	const tags = JSON.stringify(note.tags);
	const pinned = note.pinned ? 1 : 0;
	const state = [path, pinned, createdAtMs, updatedAtMs, trashedAtMs, hash];
	db.run(insertRow, [seq, id, title, body, tags, ...state]);
	db.run(insertWords, [seq, title, body, tags]);
	for (const tag of note.tags) db.run(insertTag, [seq, tag]);
	return seq;
};

const triggerName = 'notes_after_insert';

const selectTrigger = `
	SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = '${triggerName}'`;

const selectLast = 'SELECT max(seq) AS last FROM notes';

// By position: a named parameter is looked up in SQLite's memory for every row.
const insertRow = `
	INSERT INTO notes
		(seq, id, title, body, tags, path, pinned, created_at, updated_at, trashed_at, content_hash)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const insertWords = 'INSERT INTO notes_fts (rowid, title, body, tags) VALUES (?, ?, ?, ?)';

const insertTag = 'INSERT OR IGNORE INTO note_tags (note_seq, tag) VALUES (?, ?)';
