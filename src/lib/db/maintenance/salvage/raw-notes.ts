import type { Note } from '$lib/domain/note';
import { noteHash } from '$lib/domain/note-hash';
import { rowToNote } from '$lib/db/maintenance/note-rows';
import { hasTypes } from './mend-note';
import { decodeRecord, type RecordValue } from './raw-record';
import { readLeafCells, type PageReader } from './raw-pages';

/** Columns of `notes` in the order of its first migration: later ones are only ever added behind. */
export const noteColumnsOnDisk = [
	'seq',
	'id',
	'title',
	'body',
	'tags',
	'path',
	'pinned',
	'created_at',
	'updated_at',
	'trashed_at',
	'content_hash'
] as const;

export interface RawNote {
	readonly seq: number;
	readonly note: Note;
}

/**
 * Notes found by looking at every page by itself, whatever the pages above them say. Only those that
 * match the hash stored with them: nothing else tells a note from a stretch of bytes that looks like one.
 */
export const findRawNotes = (pages: PageReader, visit: (found: RawNote) => void): void => {
	for (let page = 1; page <= pages.count; page += 1) {
		if (pages.isFree(page)) continue;
		for (const { rowid, payload } of readLeafCells(pages, page)) {
			const found = toRawNote(rowid, decodeRecord(payload));
			if (found) visit(found);
		}
	}
};

const toRawNote = (seq: number, values: readonly RecordValue[] | null): RawNote | null => {
	if (!values || values.length < noteColumnsOnDisk.length || values[0] !== null) return null;
	const row = Object.fromEntries(noteColumnsOnDisk.map((name, at) => [name, values[at] ?? null]));
	const note = hasTypes(row) ? rowToNote({ ...row, seq }) : null;
	return note && noteHash(note) === row.content_hash ? { seq, note } : null;
};
