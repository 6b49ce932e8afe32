import {
	mergeNotes,
	type MergeDone,
	type MergeOrder,
	type MergeUndone,
	type RelinkedNote
} from '$lib/domain/merge-notes';
import type { Note, NoteChange } from '$lib/domain/note';
import { changeNote } from '$lib/domain/note-change';
import { AppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';
import type { ChunkRepository } from './chunk-repository';
import { findMergeLinks } from './note-link-list';
import type { StoredNote } from './note-repository';
import { setTrashed, type TrashDeps } from './note-trash';
import { mustFindNote, recutNote } from './stored-notes';
import { joinWritten, unchanged, untouched, type Written } from './written';

interface MergeDeps extends TrashDeps {
	readonly db: Database;
	readonly chunks: ChunkRepository;
}

/** See `NoteWrites.merge`. */
export const merge = (deps: MergeDeps, order: MergeOrder): Written<MergeDone> => {
	const keep = findAsWished(deps, order.keepId, order.keepBaseMs);
	const other = findAsWished(deps, order.otherId, order.otherBaseMs);
	const links = findMergeLinks(deps.db, keep.note, other.note);
	const merged = mergeNotes(keep.note, other.note);
	const body = links.redirect(merged.body);
	const kept = change(deps, keep, { ...merged, body });
	const trashed = setTrashed(deps, order.otherId, true);
	const relinked = links.changed.map(({ id }) => relink(deps, id, links.redirect));
	const result = {
		...{ kept: kept.result, trashed: trashed.result, before: keep.note },
		relinked: relinked.map((one) => one.result),
		lost: links.lost
	};
	return { ...joinWritten<unknown>([kept, trashed, ...relinked]), result };
};

const relink = (
	deps: MergeDeps,
	id: string,
	redirect: (body: string) => string
): Written<RelinkedNote> => {
	const stored = mustFindNote(deps.notes, id);
	const { title, body } = stored.note;
	const written = change(deps, stored, { body: redirect(body) });
	return { ...written, result: { id, title, body, updatedAtMs: written.result.updatedAtMs } };
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
	{ kept, trashed, before, relinked }: MergeDone
): Written<MergeUndone> => {
	// The merged note may be the only place left for the other one's text.
	const other = deps.notes.find(trashed.id);
	if (other?.note.updatedAtMs !== trashed.updatedAtMs) return unchanged('other-changed');
	const links = relinked.map((note) => setLinksBack(deps, note));
	const back = joinWritten<unknown>([
		setTrashed(deps, trashed.id, false),
		...links.filter((one) => one !== null)
	]);
	const stored = deps.notes.find(kept.id);
	if (stored?.note.updatedAtMs !== kept.updatedAtMs || stored.note.trashedAtMs !== null) {
		return { ...back, result: 'kept-edits' };
	}
	const { body, tags } = before;
	const pinned = stored.note.pinned === kept.pinned ? before.pinned : stored.note.pinned;
	const asBefore = change(deps, stored, { body, tags, pinned });
	const result = links.includes(null) ? 'kept-links' : 'undone';
	return { ...joinWritten<unknown>([back, asBefore]), result };
};

/** Null when the note is not as the merge left it any more. */
const setLinksBack = (
	deps: MergeDeps,
	{ id, body, updatedAtMs }: RelinkedNote
): Written<Note> | null => {
	const stored = deps.notes.find(id);
	return stored?.note.updatedAtMs === updatedAtMs ? change(deps, stored, { body }) : null;
};
