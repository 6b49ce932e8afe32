import type { NoteReference } from '$lib/domain/backup';
import { hasLinkTo } from '$lib/domain/note-links';
import type { Database } from '$lib/db/sqlite/database';

/** Other notes outside the trash with a [[link]] to this title. Reads every text that has a link. */
export const listLinksTo = (
	db: Database,
	{ id, title }: NoteReference
): readonly NoteReference[] => {
	const found: NoteReference[] = [];
	db.each<NoteReference & { body: string }>(selectLinking, { $id: id }, (note) => {
		if (hasLinkTo(note.body, title)) found.push({ id: note.id, title: note.title });
	});
	return found;
};

const selectLinking = `
	SELECT id, title, body FROM notes
	WHERE trashed_at IS NULL AND id <> $id AND instr(body, '[[') > 0 ORDER BY seq`;
