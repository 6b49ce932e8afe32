import type { MergeDone, MergeLinks, MergeUndone } from '$lib/domain/merge-notes';
import type { Note } from '$lib/domain/note';
import type { JobWatch } from '$lib/domain/progress';
import type { Suggestions, SuggestRequest, TagProposal } from '$lib/domain/suggestions';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { proxy } from 'comlink';
import type { NoteService } from './note-service';

/** What the vectors propose, and the two ways to take it up. */
export interface SuggestionService {
	find(request: SuggestRequest, watch?: JobWatch): Promise<Suggestions>;
	tagsFor(noteId: string): Promise<readonly TagProposal[]>;
	/**
	 * Writes both texts and all tags into the first note and moves the second to the trash, whole; [[links]]
	 * of other notes to the second lead to the first then. Rejects
	 * with `busy` while a text is not saved, and when one of the two was changed meanwhile; both notes are
	 * then there as they were.
	 */
	merge(keepId: string, otherId: string): Promise<MergeDone>;
	/** What such a merge would do to the [[links]] of other notes to the second: a link names a title. */
	linksOf(keepId: string, otherId: string): Promise<MergeLinks>;
	/** The second note comes back, the first and the links get their text back, as far as nobody changed them since. */
	undo(done: MergeDone): Promise<MergeUndone>;
	/** The last merge of this visit that was not taken back; null without one. */
	lastMerge(): Promise<MergeDone | null>;
	addTags(noteId: string, tags: readonly string[]): Promise<Note>;
}

export interface SuggestionDeps {
	readonly db: Pick<
		DbClient,
		| 'findSuggestions'
		| 'cancelSuggestions'
		| 'suggestTags'
		| 'listMergeLinks'
		| 'mergeNotes'
		| 'undoMerge'
	>;
	readonly notes: Pick<NoteService, 'get' | 'save'>;
	/** Brings what is typed to the disk; rejects with `busy` when it cannot. */
	readonly flush: () => Promise<void>;
}

export const createSuggestionService = ({
	db,
	notes,
	flush
}: SuggestionDeps): SuggestionService => {
	let last: MergeDone | null = null;
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
			await flush();
			const [keep, other] = [await mustGet(keepId), await mustGet(otherId)];
			const [keepBaseMs, otherBaseMs] = [keep.updatedAtMs, other.updatedAtMs];
			last = await db.mergeNotes({ keepId, otherId, keepBaseMs, otherBaseMs });
			return last;
		},
		async linksOf(keepId, otherId) {
			const [keep, other] = [await mustGet(keepId), await mustGet(otherId)];
			return db.listMergeLinks(keep.id, other.id);
		},
		async undo(done) {
			await flush();
			const undone = await db.undoMerge(done);
			if (last === done && undone !== 'other-changed') last = null;
			return undone;
		},
		lastMerge: async () => Promise.resolve(last),
		async addTags(noteId, tags) {
			const note = await mustGet(noteId);
			const all = [...new Set([...note.tags, ...tags])];
			return (await notes.save(noteId, { tags: all }, note.updatedAtMs)).note;
		}
	};
};
