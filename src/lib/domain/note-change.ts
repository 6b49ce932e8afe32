import type { Note, NoteChange, NoteDraft } from './note';
import { checkId, cleanBody, cleanTags, cleanText, cleanTitle } from './note-text';

const longestTitle = 1_000;
const otherVersion = ' (other version)';

/** A note as it will be stored. Throws `input-too-large` or `input-invalid`. */
export const newNote = (draft: NoteDraft, nowMs: number): Note => ({
	id: checkId(draft.id),
	title: cleanTitle(draft.title),
	body: cleanBody(draft.body),
	tags: cleanTags(draft.tags ?? []),
	path: cleanText(draft.path ?? '').slice(0, longestTitle),
	pinned: draft.pinned ?? false,
	createdAtMs: toTime(draft.createdAtMs, nowMs),
	updatedAtMs: toTime(draft.updatedAtMs ?? draft.createdAtMs, nowMs),
	trashedAtMs: null
});

/**
 * The note with the change in it, or the very same object when nothing differs. A new text gets a
 * time later than the one before, even when the clock went back; a pin does not count as an edit.
 */
export const changeNote = (note: Note, change: NoteChange, nowMs: number): Note => {
	const title = change.title === undefined ? note.title : cleanTitle(change.title);
	const body = change.body === undefined ? note.body : cleanBody(change.body);
	const tags = change.tags === undefined ? note.tags : cleanTags(change.tags);
	const pinned = change.pinned ?? note.pinned;
	const next = { ...note, title, body, tags, pinned };
	if (!hasSameText(note, next)) {
		return { ...next, updatedAtMs: Math.max(Math.round(nowMs), note.updatedAtMs + 1) };
	}
	return pinned === note.pinned ? note : next;
};

/** Whether the change would overwrite a text that its author has not seen. */
export const isConflict = (stored: Note, changed: Note, baseUpdatedAtMs: number | null): boolean =>
	baseUpdatedAtMs !== null &&
	baseUpdatedAtMs !== stored.updatedAtMs &&
	!hasSameText(stored, changed);

/** The version on disk, kept as a note of its own. */
export const toOtherVersion = (stored: Note, id: string): Note => ({
	...stored,
	id,
	title: `${stored.title.slice(0, longestTitle - otherVersion.length).toWellFormed()}${otherVersion}`,
	pinned: false
});

export const hasSameText = (a: Note, b: Note): boolean =>
	a.title === b.title && a.body === b.body && a.tags.join('\n') === b.tags.join('\n');

const toTime = (timeMs: number | undefined | null, nowMs: number): number =>
	timeMs !== undefined && timeMs !== null && Number.isFinite(timeMs)
		? Math.round(timeMs)
		: Math.round(nowMs);
