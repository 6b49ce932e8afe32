import { mergeNotes } from '$lib/domain/merge-notes';
import type { Note } from '$lib/domain/note';
import type { JobWatch } from '$lib/domain/progress';
import type { Suggestions, SuggestRequest, TagProposal } from '$lib/domain/suggestions';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { proxy } from 'comlink';
import type { NoteService } from './note-service';

/** A merge that was made, with what an undo needs. */
export interface MergeDone {
	readonly kept: Note;
	readonly trashed: Note;
	/** The kept note as it was. */
	readonly before: Note;
}

export type MergeUndone = 'undone' | 'kept-edits';

/** What the vectors propose, and the two ways to take it up. */
export interface SuggestionService {
	find(request: SuggestRequest, watch?: JobWatch): Promise<Suggestions>;
	tagsFor(noteId: string): Promise<readonly TagProposal[]>;
	/**
	 * Writes both texts and all tags into the first note and moves the second to the trash, whole. Rejects
	 * when one of them was changed meanwhile; both notes are then there as they were.
	 */
	merge(keepId: string, otherId: string): Promise<MergeDone>;
	/** The second note comes back; the first gets its text back unless it was edited since. */
	undo(done: MergeDone): Promise<MergeUndone>;
	addTags(noteId: string, tags: readonly string[]): Promise<Note>;
}

export interface SuggestionDeps {
	readonly db: Pick<DbClient, 'findSuggestions' | 'cancelSuggestions' | 'suggestTags'>;
	readonly notes: Pick<NoteService, 'get' | 'save' | 'trash' | 'untrash'>;
}

export const createSuggestionService = ({ db, notes }: SuggestionDeps): SuggestionService => {
	const mustGet = async (id: string): Promise<Note> => {
		const note = await notes.get(id);
		if (note && note.trashedAtMs === null) return note;
		throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
	};
	return {
		async find(request, { onProgress = () => undefined, signal } = {}) {
			// Whoever runs the comparison rejects it, at a place where nothing is half done.
			const stop = (): void => void db.cancelSuggestions().catch(() => undefined);
			signal?.addEventListener('abort', stop, { once: true });
			try {
				return await db.findSuggestions(request, proxy(onProgress));
			} finally {
				signal?.removeEventListener('abort', stop);
			}
		},
		tagsFor: async (noteId) => db.suggestTags(noteId),
		async merge(keepId, otherId) {
			if (keepId === otherId) throw new AppError('input-invalid', 'That is one note, not two.');
			const [before, other] = [await mustGet(keepId), await mustGet(otherId)];
			// Both texts are on disk in one note before the other one goes anywhere.
			const { note: kept } = await notes.save(
				keepId,
				mergeNotes(before, other),
				before.updatedAtMs
			);
			const trashed = await notes.trash(otherId);
			if (trashed.updatedAtMs !== other.updatedAtMs) {
				await notes.untrash(otherId);
				throw new AppError('busy', 'The other note was changed meanwhile, so it stays.');
			}
			return { kept, trashed, before };
		},
		async undo({ kept, trashed, before }) {
			await notes.untrash(trashed.id);
			const now = await notes.get(kept.id);
			if (now?.updatedAtMs !== kept.updatedAtMs) return 'kept-edits';
			const { body, tags } = before;
			await notes.save(kept.id, { body, tags }, kept.updatedAtMs);
			return 'undone';
		},
		async addTags(noteId, tags) {
			const note = await mustGet(noteId);
			const all = [...new Set([...note.tags, ...tags])];
			return (await notes.save(noteId, { tags: all }, note.updatedAtMs)).note;
		}
	};
};
