import type { Note } from '$lib/domain/note';
import type { Clock } from '$lib/shared/time';
import type { IndexQueueRepository } from './index-queue-repository';
import type { NoteRepository } from './note-repository';
import { mustFindNote } from './stored-notes';
import { unchanged, untouched, type Written } from './written';

export interface TrashDeps {
	readonly notes: NoteRepository;
	readonly queue: Pick<IndexQueueRepository, 'addMissing' | 'removeNote'>;
	readonly now: Clock;
}

/** See `NoteWrites.setTrashed`. */
export const setTrashed = (deps: TrashDeps, id: string, trashed: boolean): Written<Note> => {
	const { seq, note } = mustFindNote(deps.notes, id);
	if ((note.trashedAtMs !== null) === trashed) return unchanged(note);
	const moved: Note = { ...note, trashedAtMs: trashed ? Math.round(deps.now()) : null };
	deps.notes.update(seq, moved);
	if (trashed) deps.queue.removeNote(seq);
	else deps.queue.addMissing({ seq });
	const passages = trashed
		? { ...untouched, removedNotes: [seq] }
		: { ...untouched, returnedNotes: [seq] };
	return { result: moved, noteIds: [id], passages };
};
