import type { Note } from '$lib/domain/note';
import { noteHash } from '$lib/domain/note-hash';
import { checkId, cleanBody, cleanTags, cleanText, cleanTitle } from '$lib/domain/note-text';
import { damagedTag } from '$lib/domain/salvage';
import { rowToNote, type NoteRow } from '$lib/db/maintenance/note-rows';
import type { ReadNote } from './note-collector';
import type { Row } from './read-ranges';

interface Origin {
	readonly seq: number;
	/** As the index over ids tells it. */
	readonly id: string | null;
	readonly newId: () => string;
	readonly now: () => number;
}

/**
 * A row of a damaged table as a note. One that matches its hash is taken as it is, also when only its id
 * was damaged and the index knows it; any other gets what can be read of it and the tag `damaged`. Null
 * when no text is left: then it is no note any more.
 */
export const mendNote = (row: Row, origin: Origin): ReadNote | null => {
	const { seq, id } = origin;
	const read = hasTypes(row) ? rowToNote({ ...row, seq }) : null;
	for (const note of read ? [read, { ...read, id: id ?? read.id }] : []) {
		if (noteHash(note) === row.content_hash) return { seq, note, isSound: true };
	}
	const note = patch(row, read, origin);
	if (note.title === '' && note.body.trim() === '') return null;
	return { seq, note, isSound: false, isDated: read !== null };
};

/** Every column is of the kind that this app writes. */
export const hasTypes = (row: Row): row is Row & Omit<NoteRow, 'seq'> =>
	['id', 'title', 'body', 'tags', 'path'].every((name) => typeof row[name] === 'string') &&
	['pinned', 'created_at', 'updated_at'].every((name) => typeof row[name] === 'number') &&
	(row.trashed_at === null || typeof row.trashed_at === 'number');

const patch = (row: Row, read: Note | null, { id, newId, now }: Origin): Note => ({
	id: id ?? attempt(() => checkId(toText(row.id)), null) ?? newId(),
	title: attempt(() => cleanTitle(toText(row.title)), ''),
	body: attempt(() => cleanBody(toText(row.body)), ''),
	tags: attempt(() => cleanTags([...(read?.tags ?? []), damagedTag]), [damagedTag]),
	path: cleanText(toText(row.path)).slice(0, 1_000),
	pinned: row.pinned === 1,
	createdAtMs: toTime(row.created_at, now),
	updatedAtMs: toTime(row.updated_at, now),
	trashedAtMs: row.trashed_at === null ? null : toTime(row.trashed_at, now)
});

/** A number where a text should be is of another table. */
const toText = (value: Row[string] | undefined): string => {
	if (value instanceof Uint8Array) return new TextDecoder().decode(value);
	return typeof value === 'string' ? value : '';
};

const toTime = (value: Row[string] | undefined, now: () => number): number =>
	typeof value === 'number' && Number.isSafeInteger(value) ? value : now();

/** What a damaged field breaks must not cost the rest of the note. */
const attempt = <T>(work: () => T, otherwise: T): T => {
	try {
		return work();
	} catch {
		return otherwise;
	}
};
