import type { Database, SqlValue } from '$lib/db/sqlite/database';
import type { ChunkRepository } from './chunk-repository';
import type { NoteRepository, StoredNote } from './note-repository';

/** What is derived from the text of the notes, and can always be made anew. */
export interface TextIndex {
	/** Full-text index, tags and passages of all notes. Vectors of passages that stayed are kept. */
	rebuild(): void;
	/** Cuts the notes anew that an older version of the chunker cut. */
	recutOutdated(chunkerVersion: number): void;
}

export interface TextIndexDeps {
	readonly db: Database;
	readonly notes: NoteRepository;
	readonly chunks: ChunkRepository;
}

export const createTextIndex = ({ db, notes, chunks }: TextIndexDeps): TextIndex => {
	const recut = (isMeant: (seq: number) => boolean): void => {
		const meant: StoredNote[] = [];
		notes.eachStored((stored) => {
			if (isMeant(stored.seq)) meant.push(stored);
		});
		for (const { seq, note } of meant) chunks.replace(seq, note);
	};
	return {
		rebuild: () =>
			db.transaction(() => {
				db.run(`INSERT INTO notes_fts (notes_fts) VALUES ('rebuild')`);
				db.run(rebuildTags);
				recut(() => true);
			}),
		recutOutdated(chunkerVersion) {
			const outdated = new Set(chunks.outdatedNotes(chunkerVersion));
			if (outdated.size > 0) db.transaction(() => recut((seq) => outdated.has(seq)));
		}
	};
};

/** Rows of notes: beyond the first number, up to the second. */
export type NoteRange = { readonly $after: SqlValue; readonly $upTo: SqlValue };

/**
 * Words and tags of notes that were written with the insert trigger switched off. See [Note: Bulk insert]
 * for why they are not left to it.
 */
export const indexNotes = (db: Database, range: NoteRange): void => {
	db.run(
		`INSERT INTO notes_fts (rowid, title, body, tags)
		SELECT seq, title, body, tags FROM notes WHERE seq > $after AND seq <= $upTo`,
		range
	);
	db.run(`${insertTags} WHERE n.seq > $after AND n.seq <= $upTo`, range);
};

const insertTags = `
	INSERT OR IGNORE INTO note_tags (note_seq, tag)
	SELECT n.seq, value FROM notes n, json_each(n.tags)`;

const rebuildTags = `DELETE FROM note_tags; ${insertTags}`;
