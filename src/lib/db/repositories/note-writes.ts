import type { NotePutBack, PutBackUndone } from '$lib/domain/backup-look';
import type { MergeDone, MergeOrder, MergeUndone } from '$lib/domain/merge-notes';
import type { Note, NoteDraft } from '$lib/domain/note';
import { changeNote, isConflict, newNote, toOtherVersion } from '$lib/domain/note-change';
import type { ImportResult, NoteSave, NoteSaved } from '$lib/protocol/db-api';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { Database } from '$lib/db/sqlite/database';
import type { AppliedWrites } from './applied-writes';
import { insertNotes } from './bulk-insert';
import type { ChunkRepository } from './chunk-repository';
import type { IndexQueueRepository } from './index-queue-repository';
import type { NoteRepository } from './note-repository';
import { merge, undoMerge } from './note-merge';
import { putBackAll, undoPutBack } from './note-put-back';
import { setTrashed } from './note-trash';
import type { HashedNote, PreparedNote } from './prepare-import';
import { insertNote, mustFindNote, recutNote } from './stored-notes';
import { unchanged, untouched, type Written } from './written';

export interface WrittenImport extends Written<ImportResult> {
	/** Row numbers of notes that have a text and no passages yet. */
	readonly uncut: readonly number[];
}

/** Every change of notes. Each call is one transaction: all of it is on disk when it returns, or none. */
export interface NoteWrites {
	create(writeId: string, draft: NoteDraft): Written<Note>;
	save(save: NoteSave): Written<NoteSaved>;
	setTrashed(id: string, trashed: boolean): Written<Note>;
	/**
	 * Both texts into the first note, the second into the trash. Throws `busy` before it writes when one
	 * of them is in the trash or not as it was when the merge was wished for.
	 */
	merge(order: MergeOrder): Written<MergeDone>;
	/** Takes a merge back, as far as both notes are as it left them; tells how far that was. */
	undoMerge(done: MergeDone): Written<MergeUndone>;
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
		merge: inTransaction(merge),
		undoMerge: inTransaction(undoMerge),
		deleteForever: inTransaction(deleteForever),
		importNotes: inTransaction(importNotes),
		putBack: inTransaction(putBackAll),
		undoPutBack: inTransaction(undoPutBack)
	};
};

const create = (deps: NoteWriteDeps, writeId: string, draft: NoteDraft): Written<Note> => {
	const madeId = deps.applied.find(writeId);
	if (madeId !== null) return unchanged(mustFindNote(deps.notes, madeId).note);
	const note = newNote(draft, deps.now());
	if (deps.notes.find(note.id)) {
		throw new AppError('input-invalid', `There is already a note with the id ${note.id}.`);
	}
	insertNote(deps, note);
	deps.applied.record(writeId, note.id);
	return { result: note, noteIds: [note.id], passages: untouched };
};

const save = (deps: NoteWriteDeps, { writeId, ...save }: NoteSave): Written<NoteSaved> => {
	if (deps.applied.find(writeId) !== null) {
		const { note } = mustFindNote(deps.notes, save.noteId);
		return unchanged({ note, conflictCopyId: deps.applied.find(toCopyWriteId(writeId)) });
	}
	const stored = mustFindNote(deps.notes, save.noteId);
	const note = changeNote(stored.note, save.change, deps.now());
	deps.applied.record(writeId, note.id);
	if (note === stored.note) return unchanged({ note, conflictCopyId: null });
	const conflictCopyId = isConflict(stored.note, note, save.baseUpdatedAtMs)
		? keepOtherVersion(deps, stored.note, writeId)
		: null;
	const noteIds = conflictCopyId === null ? [note.id] : [note.id, conflictCopyId];
	deps.notes.update(stored.seq, note);
	const removedChunks = recutNote(deps, stored, note);
	return { result: { note, conflictCopyId }, noteIds, passages: { ...untouched, removedChunks } };
};

const toCopyWriteId = (writeId: string): string => `${writeId}/other-version`;

const keepOtherVersion = (deps: NoteWriteDeps, stored: Note, writeId: string): string => {
	const copy = toOtherVersion(stored, deps.newId());
	insertNote(deps, copy);
	deps.applied.record(toCopyWriteId(writeId), copy.id);
	return copy.id;
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
