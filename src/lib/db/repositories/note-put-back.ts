import type { NotePutBack, PutBackUndone } from '$lib/domain/backup-look';
import type { Note } from '$lib/domain/note';
import { hasSameText } from '$lib/domain/note-change';
import type { Clock } from '$lib/shared/time';
import type { ChunkRepository } from './chunk-repository';
import type { IndexQueueRepository } from './index-queue-repository';
import type { NoteRepository } from './note-repository';
import { insertNote, recutNote } from './stored-notes';
import { joinWritten, untouched, type Written } from './written';

interface PutBackDeps {
	readonly notes: NoteRepository;
	readonly chunks: ChunkRepository;
	readonly queue: Pick<IndexQueueRepository, 'addMissing' | 'removeNote'>;
	readonly now: Clock;
	readonly newId: () => string;
}

/** See `NoteWrites.putBack`. */
export const putBackAll = (
	deps: PutBackDeps,
	notes: readonly Note[],
	asCopies: boolean
): Written<readonly NotePutBack[]> =>
	joinWritten(notes.map((note) => putBack(deps, note, asCopies)));

const putBack = (deps: PutBackDeps, backedUp: Note, asCopy: boolean): Written<NotePutBack> => {
	const stored = asCopy ? undefined : deps.notes.find(backedUp.id);
	const note = { ...backedUp, trashedAtMs: null, ...(asCopy ? { id: deps.newId() } : {}) };
	if (!stored) {
		insertNote(deps, note);
		return { result: toPutBack(note, null), noteIds: [note.id], passages: untouched };
	}
	const updatedAtMs = hasSameText(stored.note, note)
		? stored.note.updatedAtMs
		: Math.max(Math.round(deps.now()), stored.note.updatedAtMs + 1);
	const back = { ...note, updatedAtMs };
	const result = toPutBack(back, stored.note, !deps.notes.isSound(stored.seq));
	deps.notes.heal(stored.seq, back);
	const removedChunks = recutNote(deps, stored, back);
	if (stored.note.trashedAtMs === null) {
		return { result, noteIds: [back.id], passages: { ...untouched, removedChunks } };
	}
	deps.queue.addMissing({ seq: stored.seq });
	const passages = { ...untouched, removedChunks, returnedNotes: [stored.seq] };
	return { result, noteIds: [back.id], passages };
};

const toPutBack = (
	{ id, updatedAtMs }: Note,
	before: Note | null,
	healed = false
): NotePutBack => ({ id, updatedAtMs, before, healed });

/** See `NoteWrites.undoPutBack`. */
export const undoPutBack = (
	deps: PutBackDeps,
	notes: readonly NotePutBack[]
): Written<PutBackUndone> => {
	const undone = notes.map((note) => undoOne(deps, note));
	const leftAlone = notes.filter((_, index) => !undone[index]).map(({ id }) => id);
	const written = joinWritten(undone.filter((one) => one !== null));
	return { ...written, result: { undone: written.result.length, leftAlone } };
};

/** Null when the note is not as it was put back any more. */
const undoOne = (
	deps: PutBackDeps,
	{ id, updatedAtMs, before, healed }: NotePutBack
): Written<string> | null => {
	const stored = deps.notes.find(id);
	const isAsPutBack = stored?.note.updatedAtMs === updatedAtMs && stored.note.trashedAtMs === null;
	if (!isAsPutBack || healed) return null;
	const noteIds = [id];
	if (before === null) {
		deps.notes.remove(stored.seq);
		return { result: id, noteIds, passages: { ...untouched, removedNotes: [stored.seq] } };
	}
	deps.notes.heal(stored.seq, before);
	const removedChunks = recutNote(deps, stored, before);
	if (before.trashedAtMs === null) {
		return { result: id, noteIds, passages: { ...untouched, removedChunks } };
	}
	deps.queue.removeNote(stored.seq);
	const passages = { ...untouched, removedChunks, removedNotes: [stored.seq] };
	return { result: id, noteIds, passages };
};
