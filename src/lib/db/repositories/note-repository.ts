import type { Note, TagCount } from '$lib/domain/note';
import { noteHash } from '$lib/domain/note-hash';
import type { Database } from '$lib/db/sqlite/database';
import { noteColumns, toNote, type NoteRow } from './note-row';

/** A note with its row number, which full-text search and passages go by. */
export interface StoredNote {
	readonly seq: number;
	readonly note: Note;
}

export interface NoteRepository {
	find(id: string): StoredNote | undefined;
	findRow(seq: number): StoredNote | undefined;
	/** The content hash is written with every change. */
	insert(note: Note): void;
	/**
	 * The hash stays as it was when it did not fit what lay on disk: a change of a damaged note must not
	 * make the damage look like the truth.
	 */
	update(seq: number, note: Note): void;
	/** Whether the note matches the hash stored with it. */
	isSound(seq: number): boolean;
	/** Every field from a verified copy: this heals a damaged note. */
	heal(seq: number, note: Note): void;
	remove(seq: number): void;
	tags(): readonly TagCount[];
	/** In id order after `afterId`, trash left out. */
	readAfter(afterId: string | null, limit: number): readonly StoredNote[];
	/** All notes, trash too, in row order. */
	eachStored(visit: (stored: StoredNote) => void): void;
	/** How many are outside the trash. */
	count(): number;
}

export const createNoteRepository = (db: Database): NoteRepository => ({
	find(id) {
		const row = db.get<NoteRow>(`SELECT ${noteColumns} FROM notes WHERE id = $id`, { $id: id });
		return row && toStored(row);
	},
	findRow(seq) {
		const row = db.get<NoteRow>(`SELECT ${noteColumns} FROM notes WHERE seq = $seq`, { $seq: seq });
		return row && toStored(row);
	},
	insert: (note) => void db.run(insertNote, toParameters(note)),
	update(seq, note) {
		const before = db.get<HashedRow>(readHashed, { $seq: seq });
		const isDamaged = before && !matchesHash(before);
		overwrite(db, seq, note, isDamaged ? before.content_hash : noteHash(note));
	},
	isSound(seq) {
		const row = db.get<HashedRow>(readHashed, { $seq: seq });
		return !row || matchesHash(row);
	},
	heal(seq, note) {
		const { $path, $created_at, $hash } = toParameters(note);
		db.run(updateOrigin, { $seq: seq, $path, $created_at });
		overwrite(db, seq, note, $hash);
	},
	remove: (seq) => void db.run('DELETE FROM notes WHERE seq = $seq', { $seq: seq }),
	tags: () => db.all<TagCount>(countTags),
	readAfter: (afterId, limit) =>
		db.all<NoteRow>(readNotes, { $after: afterId ?? '', $limit: limit }).map(toStored),
	eachStored: (visit) =>
		db.each<NoteRow>(`SELECT ${noteColumns} FROM notes ORDER BY seq`, [], (row) => {
			visit(toStored(row));
		}),
	count: () =>
		db.get<{ notes: number }>('SELECT count(*) AS notes FROM notes WHERE trashed_at IS NULL')
			?.notes ?? 0
});

interface HashedRow extends NoteRow {
	readonly content_hash: string;
}

const matchesHash = (row: HashedRow): boolean => noteHash(toNote(row)) === row.content_hash;

const overwrite = (db: Database, seq: number, note: Note, hash: string): void => {
	const { $title, $body, $tags, $pinned, $updated_at, $trashed_at } = toParameters(note);
	db.run(updateState, { $seq: seq, $pinned, $updated_at, $trashed_at, $hash: hash });
	db.run(updateText, { $seq: seq, $title, $body, $tags });
};

const readHashed = `SELECT ${noteColumns}, content_hash FROM notes WHERE seq = $seq`;

const insertNote = `
	INSERT INTO notes
		(id, title, body, tags, path, pinned, created_at, updated_at, trashed_at, content_hash)
	VALUES
		($id, $title, $body, $tags, $path, $pinned, $created_at, $updated_at, $trashed_at, $hash)`;

// Naming title, body or tags fires the full-text trigger: a pin or the trash must not pay for that.
const updateState = `
	UPDATE notes SET
		pinned = $pinned, updated_at = $updated_at, trashed_at = $trashed_at, content_hash = $hash
	WHERE seq = $seq`;

const updateText = `
	UPDATE notes SET title = $title, body = $body, tags = $tags
	WHERE seq = $seq AND (title <> $title OR body <> $body OR tags <> $tags)`;

const updateOrigin = 'UPDATE notes SET path = $path, created_at = $created_at WHERE seq = $seq';

const countTags = `
	SELECT t.tag, count(*) AS notes FROM note_tags t
	JOIN notes n ON n.seq = t.note_seq AND n.trashed_at IS NULL
	GROUP BY t.tag ORDER BY t.tag COLLATE NOCASE, t.tag`;

const readNotes = `
	SELECT ${noteColumns} FROM notes
	WHERE trashed_at IS NULL AND id > $after ORDER BY id LIMIT $limit`;

const toStored = (row: NoteRow): StoredNote => ({ seq: row.seq, note: toNote(row) });

const toParameters = (note: Note) => ({
	$id: note.id,
	$title: note.title,
	$body: note.body,
	$tags: JSON.stringify(note.tags),
	$path: note.path,
	$pinned: note.pinned ? 1 : 0,
	$created_at: note.createdAtMs,
	$updated_at: note.updatedAtMs,
	$trashed_at: note.trashedAtMs,
	$hash: noteHash(note)
});
