import type { NoteReference } from '$lib/domain/backup';
import type { Note } from '$lib/domain/note';
import { noteHash } from '$lib/domain/note-hash';
import type { Database } from '$lib/db/sqlite/database';

export interface ReadNote {
	/** Its row number, kept so that passages and vectors still find it. */
	readonly seq: number;
	readonly note: Note;
	/** It matches the hash that was stored with it. */
	readonly isSound: boolean;
	/** Not sound, but with a time of change that can be believed. */
	readonly isDated?: boolean;
}

/** Puts notes into the new database and knows what is in it. */
export interface NoteCollector {
	/** False when the note is there already. One whose row is taken by another waits for `settle`. */
	add(read: ReadNote): boolean;
	/** Puts in those whose row was taken, in new rows behind this one and every other. */
	settle(lastSeq: number): void;
	has(id: string): boolean;
	hasSeq(seq: number): boolean;
	readonly whole: readonly NoteReference[];
	readonly damaged: readonly NoteReference[];
}

export const createNoteCollector = (target: Database): NoteCollector => {
	const ids = new Set<string>();
	const seqs = new Set<number>();
	const whole: NoteReference[] = [];
	const damaged: NoteReference[] = [];
	const waiting: Note[] = [];
	return {
		add({ seq, note, isSound }) {
			if (ids.has(note.id)) return false;
			if (seqs.has(seq)) waiting.push(note);
			else insert(target, seq, note);
			ids.add(note.id);
			seqs.add(seq);
			(isSound ? whole : damaged).push({ id: note.id, title: note.title });
			return true;
		},
		settle(lastSeq) {
			let seq = [...seqs].reduce((most, each) => Math.max(most, each), lastSeq);
			for (const note of waiting.splice(0)) insert(target, (seq += 1), note);
		},
		has: (id) => ids.has(id),
		hasSeq: (seq) => seqs.has(seq),
		whole,
		damaged
	};
};

const insert = (target: Database, seq: number, note: Note): void => {
	target.run(
		`INSERT INTO notes
			(seq, id, title, body, tags, path, pinned, created_at, updated_at, trashed_at, content_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		[
			...[seq, note.id, note.title, note.body, JSON.stringify(note.tags), note.path],
			...[note.pinned ? 1 : 0, note.createdAtMs, note.updatedAtMs, note.trashedAtMs],
			noteHash(note)
		]
	);
};
