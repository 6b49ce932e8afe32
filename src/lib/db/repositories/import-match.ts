import type { ImportedNote, ImportMatch } from '$lib/domain/import';
import { newNote } from '$lib/domain/note-change';
import { isAppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';

/** What the notebook, trash aside, has of each of these notes. Same order. */
export const matchImport = (db: Database, notes: readonly ImportedNote[]): readonly ImportMatch[] =>
	notes.map((note) => matchOne(db, note));

const matchOne = (db: Database, imported: ImportedNote): ImportMatch => {
	const note = asStored(imported);
	if (note === null) return 'new';
	const row = db.get<{ same: number }>(selectNamesake, {
		$title: note.title,
		$path: note.path,
		$body: note.body,
		$tags: JSON.stringify(note.tags)
	});
	if (!row) return 'new';
	return row.same === 1 ? 'same' : 'other-text';
};

/** As the notebook would have it; null when it would refuse it. */
const asStored = ({ title, body, tags, path }: ImportedNote): ReturnType<typeof newNote> | null => {
	try {
		return newNote({ id: 'imported', title, body, tags, path }, 0);
	} catch (error) {
		if (isAppError(error, 'input-too-large') || isAppError(error, 'input-invalid')) return null;
		throw error;
	}
};

// Both values of `pinned` are named so that the index over titles is used.
const selectNamesake = `
	SELECT body = $body AND tags = $tags AS same FROM notes
	WHERE trashed_at IS NULL AND pinned IN (0, 1)
		AND title = $title COLLATE NOCASE AND title = $title AND path = $path
	ORDER BY same DESC LIMIT 1`;
