import type { NotePutBack, PutBackUndone } from '$lib/domain/backup-look';
import type { Note, NoteDraft } from '$lib/domain/note';
import {
	changeNote,
	hasSameText,
	isConflict,
	newNote,
	toOtherVersion
} from '$lib/domain/note-change';
import type { ImportResult, NoteSave, NoteSaved } from '$lib/protocol/db-api';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { Database } from '$lib/db/sqlite/database';
import type { AppliedWrites } from './applied-writes';
import { insertNotes } from './bulk-insert';
import type { ChunkRepository } from './chunk-repository';
import type { IndexQueueRepository } from './index-queue-repository';
import type { NoteRepository, StoredNote } from './note-repository';
import type { HashedNote, PreparedNote } from './prepare-import';

/** What a write did to the passages: whoever holds vectors in memory follows it. */
export interface PassageChange {
	readonly removedChunks: readonly number[];
	readonly removedNotes: readonly number[];
	readonly returnedNotes: readonly number[];
}

export interface Written<T> {
	readonly result: T;
	readonly noteIds: readonly string[] | 'all';
	readonly passages: PassageChange;
}

export interface WrittenImport extends Written<ImportResult> {
	/** Row numbers of notes that have a text and no passages yet. */
	readonly uncut: readonly number[];
}

/** Every change of notes. Each call is one transaction: all of it is on disk when it returns, or none. */
export interface NoteWrites {
	create(writeId: string, draft: NoteDraft): Written<Note>;
	save(save: NoteSave): Written<NoteSaved>;
	setTrashed(id: string, trashed: boolean): Written<Note>;
	deleteForever(ids: readonly string[]): Written<number>;
	/** Writes the notes alone: their passages are cut afterwards by the passage cutter. */
	importNotes(notes: readonly PreparedNote[]): WrittenImport;
	/** Notes out of a backup: in place of those of today, or beside them as copies. */
	putBack(notes: readonly Note[], asCopies: boolean): Written<readonly NotePutBack[]>;
	/** Takes a `putBack` back, but for notes that were edited since. */
	undoPutBack(notes: readonly NotePutBack[]): Written<PutBackUndone>;
}

export interface NoteWriteDeps {
	readonly db: Database;
	readonly notes: NoteRepository;
	readonly chunks: ChunkRepository;
	readonly queue: Pick<IndexQueueRepository, 'addMissing' | 'removeNote'>;
	readonly applied: AppliedWrites;
	readonly now: Clock;
	readonly newId: () => string;
}

export const createNoteWrites = (deps: NoteWriteDeps): NoteWrites => {
	const inTransaction =
		<Args extends readonly unknown[], T>(work: (deps: NoteWriteDeps, ...args: Args) => T) =>
		(...args: Args): T =>
			deps.db.transaction(() => work(deps, ...args));
	return {
		create: inTransaction(create),
		save: inTransaction(save),
		setTrashed: inTransaction(setTrashed),
		deleteForever: inTransaction(deleteForever),
		importNotes: inTransaction(importNotes),
		putBack: inTransaction(putBackAll),
		undoPutBack: inTransaction(undoPutBack)
	};
};

const untouched: PassageChange = { removedChunks: [], removedNotes: [], returnedNotes: [] };

const create = (deps: NoteWriteDeps, writeId: string, draft: NoteDraft): Written<Note> => {
	const madeId = deps.applied.find(writeId);
	if (madeId !== null) return unchanged(mustFind(deps.notes, madeId).note);
	const note = newNote(draft, deps.now());
	if (deps.notes.find(note.id)) {
		throw new AppError('input-invalid', `There is already a note with the id ${note.id}.`);
	}
	insert(deps, note);
	deps.applied.record(writeId, note.id);
	return { result: note, noteIds: [note.id], passages: untouched };
};

const save = (deps: NoteWriteDeps, { writeId, ...save }: NoteSave): Written<NoteSaved> => {
	if (deps.applied.find(writeId) !== null) {
		const { note } = mustFind(deps.notes, save.noteId);
		return unchanged({ note, conflictCopyId: deps.applied.find(toCopyWriteId(writeId)) });
	}
	const stored = mustFind(deps.notes, save.noteId);
	const note = changeNote(stored.note, save.change, deps.now());
	deps.applied.record(writeId, note.id);
	if (note === stored.note) return unchanged({ note, conflictCopyId: null });
	const conflictCopyId = isConflict(stored.note, note, save.baseUpdatedAtMs)
		? keepOtherVersion(deps, stored.note, writeId)
		: null;
	const noteIds = conflictCopyId === null ? [note.id] : [note.id, conflictCopyId];
	deps.notes.update(stored.seq, note);
	const removedChunks = recut(deps, stored, note);
	return { result: { note, conflictCopyId }, noteIds, passages: { ...untouched, removedChunks } };
};

const toCopyWriteId = (writeId: string): string => `${writeId}/other-version`;

const keepOtherVersion = (deps: NoteWriteDeps, stored: Note, writeId: string): string => {
	const copy = toOtherVersion(stored, deps.newId());
	insert(deps, copy);
	deps.applied.record(toCopyWriteId(writeId), copy.id);
	return copy.id;
};

const setTrashed = (deps: NoteWriteDeps, id: string, trashed: boolean): Written<Note> => {
	const { seq, note } = mustFind(deps.notes, id);
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

const deleteForever = (deps: NoteWriteDeps, ids: readonly string[]): Written<number> => {
	const gone = ids
		.map((id) => deps.notes.find(id))
		.filter((found) => found !== undefined)
		.filter(({ note }) => note.trashedAtMs !== null);
	for (const { seq } of gone) deps.notes.remove(seq);
	return {
		result: gone.length,
		noteIds: gone.map(({ note }) => note.id),
		passages: { ...untouched, removedNotes: gone.map(({ seq }) => seq) }
	};
};

const importNotes = ({ db }: NoteWriteDeps, prepared: readonly PreparedNote[]): WrittenImport => {
	const hashed = prepared.filter((note): note is HashedNote => !(note instanceof AppError));
	const seqs = insertNotes(db, hashed);
	const uncut = seqs.filter((_, index) => hasText(hashed[index]));
	const outcomes = prepared.map((one) =>
		one instanceof AppError ? { id: null, reason: one.message } : { id: one.note.id, reason: null }
	);
	return { result: { outcomes }, noteIds: 'all', passages: untouched, uncut };
};

const hasText = (hashed: HashedNote | undefined): boolean =>
	hashed !== undefined && (hashed.note.title !== '' || hashed.note.body !== '');

const putBackAll = (
	deps: NoteWriteDeps,
	notes: readonly Note[],
	asCopies: boolean
): Written<readonly NotePutBack[]> =>
	joinWritten(notes.map((note) => putBack(deps, note, asCopies)));

const putBack = (deps: NoteWriteDeps, backedUp: Note, asCopy: boolean): Written<NotePutBack> => {
	const stored = asCopy ? undefined : deps.notes.find(backedUp.id);
	const note = { ...backedUp, trashedAtMs: null, ...(asCopy ? { id: deps.newId() } : {}) };
	if (!stored) {
		insert(deps, note);
		return { result: toPutBack(note, null), noteIds: [note.id], passages: untouched };
	}
	const updatedAtMs = hasSameText(stored.note, note)
		? stored.note.updatedAtMs
		: Math.max(Math.round(deps.now()), stored.note.updatedAtMs + 1);
	const back = { ...note, updatedAtMs };
	const result = toPutBack(back, stored.note, !deps.notes.isSound(stored.seq));
	deps.notes.heal(stored.seq, back);
	const removedChunks = recut(deps, stored, back);
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

const undoPutBack = (
	deps: NoteWriteDeps,
	notes: readonly NotePutBack[]
): Written<PutBackUndone> => {
	const undone = notes.map((note) => undoOne(deps, note));
	const leftAlone = notes.filter((_, index) => !undone[index]).map(({ id }) => id);
	const written = joinWritten(undone.filter((one) => one !== null));
	return { ...written, result: { undone: written.result.length, leftAlone } };
};

/** Null when the note is not as it was put back any more. */
const undoOne = (
	deps: NoteWriteDeps,
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
	const removedChunks = recut(deps, stored, before);
	if (before.trashedAtMs === null) {
		return { result: id, noteIds, passages: { ...untouched, removedChunks } };
	}
	deps.queue.removeNote(stored.seq);
	const passages = { ...untouched, removedChunks, removedNotes: [stored.seq] };
	return { result: id, noteIds, passages };
};

const joinWritten = <T>(all: readonly Written<T>[]): Written<readonly T[]> => ({
	result: all.map(({ result }) => result),
	noteIds: all.flatMap(({ noteIds }) => (noteIds === 'all' ? [] : noteIds)),
	passages: {
		removedChunks: all.flatMap(({ passages }) => passages.removedChunks),
		removedNotes: all.flatMap(({ passages }) => passages.removedNotes),
		returnedNotes: all.flatMap(({ passages }) => passages.returnedNotes)
	}
});

const insert = ({ notes, chunks }: NoteWriteDeps, note: Note): void => {
	notes.insert(note);
	chunks.insertFirst(mustFind(notes, note.id).seq, note);
};

const recut = ({ chunks }: NoteWriteDeps, stored: StoredNote, note: Note): readonly number[] => {
	const isSame = stored.note.title === note.title && stored.note.body === note.body;
	return isSame ? [] : chunks.replace(stored.seq, note);
};

const unchanged = <T>(result: T): Written<T> => ({ result, noteIds: [], passages: untouched });

const mustFind = (notes: NoteRepository, id: string): StoredNote => {
	const found = notes.find(id);
	if (!found) throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
	return found;
};
