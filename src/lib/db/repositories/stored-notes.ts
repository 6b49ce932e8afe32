import type { Note } from '$lib/domain/note';
import { AppError } from '$lib/shared/app-error';
import type { ChunkRepository } from './chunk-repository';
import type { NoteRepository, StoredNote } from './note-repository';

interface Stores {
	readonly notes: NoteRepository;
	readonly chunks: ChunkRepository;
}

/** Writes a new note with its first passages. */
export const insertNote = ({ notes, chunks }: Stores, note: Note): void => {
	notes.insert(note);
	chunks.insertFirst(mustFindNote(notes, note.id).seq, note);
};

/** Cuts the passages anew when the text or a tag changed; the row numbers of those that went. */
export const recutNote = (
	{ chunks }: Stores,
	stored: StoredNote,
	note: Note
): readonly number[] => {
	const isSame = stored.note.title === note.title && stored.note.body === note.body;
	// A tag may leave a note out of meaning search.
	const hasSameTags = stored.note.tags.join('\n') === note.tags.join('\n');
	return isSame && hasSameTags ? [] : chunks.replace(stored.seq, note);
};

/** Throws `note-missing`. */
export const mustFindNote = (notes: NoteRepository, id: string): StoredNote => {
	const found = notes.find(id);
	if (!found) throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
	return found;
};
