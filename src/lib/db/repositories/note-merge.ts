import {
	mergeNotes,
	type MergeDone,
	type MergeOrder,
	type MergeUndone
} from '$lib/domain/merge-notes';
import type { Note, NoteChange } from '$lib/domain/note';
import { changeNote } from '$lib/domain/note-change';
import { AppError } from '$lib/shared/app-error';
import type { ChunkRepository } from './chunk-repository';
import type { StoredNote } from './note-repository';
import { setTrashed, type TrashDeps } from './note-trash';
import { mustFindNote, recutNote } from './stored-notes';
import { joinWritten, unchanged, untouched, type Written } from './written';

interface MergeDeps extends TrashDeps {
	readonly chunks: ChunkRepository;
}

/** See `NoteWrites.merge`. */
export const merge = (deps: MergeDeps, order: MergeOrder): Written<MergeDone> => {
	const keep = findAsWished(deps, order.keepId, order.keepBaseMs);
	const other = findAsWished(deps, order.otherId, order.otherBaseMs);
	const kept = change(deps, keep, mergeNotes(keep.note, other.note));
	const trashed = setTrashed(deps, order.otherId, true);
	const result = { kept: kept.result, trashed: trashed.result, before: keep.note };
	return { ...joinWritten([kept, trashed]), result };
};

const findAsWished = ({ notes }: MergeDeps, id: string, baseMs: number): StoredNote => {
	const stored = mustFindNote(notes, id);
	if (stored.note.updatedAtMs === baseMs && stored.note.trashedAtMs === null) return stored;
	throw new AppError('busy', 'One of the two notes was changed meanwhile. Nothing was merged.');
};

const change = (deps: MergeDeps, stored: StoredNote, fields: NoteChange): Written<Note> => {
	const note = changeNote(stored.note, fields, deps.now());
	if (note === stored.note) return unchanged(note);
	deps.notes.update(stored.seq, note);
	const removedChunks = recutNote(deps, stored, note);
	return { result: note, noteIds: [note.id], passages: { ...untouched, removedChunks } };
};

/** See `NoteWrites.undoMerge`. */
export const undoMerge = (
	deps: MergeDeps,
	{ kept, trashed, before }: MergeDone
): Written<MergeUndone> => {
	// The merged note may be the only place left for the other one's text.
	const other = deps.notes.find(trashed.id);
	if (other?.note.updatedAtMs !== trashed.updatedAtMs) return unchanged('other-changed');
	const back = setTrashed(deps, trashed.id, false);
	const stored = deps.notes.find(kept.id);
	if (stored?.note.updatedAtMs !== kept.updatedAtMs || stored.note.trashedAtMs !== null) {
		return { ...back, result: 'kept-edits' };
	}
	const { body, tags } = before;
	const pinned = stored.note.pinned === kept.pinned ? before.pinned : stored.note.pinned;
	const asBefore = change(deps, stored, { body, tags, pinned });
	return { ...joinWritten([back, asBefore]), result: 'undone' };
};
