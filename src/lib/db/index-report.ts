import { pageReasons } from '$lib/domain/index-rules';
import type { EmbeddingStatus, ReasonPage, ReasonQuery } from '$lib/domain/indexing';
import type { VectorSlot } from '$lib/domain/vector-set';
import { AppError } from '$lib/shared/app-error';
import { readIndexStatus } from './repositories/index-status';
import type { VectorIndex } from './search/vector-index';
import type { Database } from './sqlite/database';
import { keyOf, type ActiveModel } from './vector-slots';

/** Where every note stands, and why. */
export interface IndexReport {
	/** Throws `note-missing` for an id that is not there. */
	status(noteId: string | null, slot?: VectorSlot): EmbeddingStatus;
	/** One stretch of the notes that meaning search does not cover. */
	page(query: ReasonQuery): ReasonPage;
}

export interface IndexReportDeps {
	readonly db: Database;
	readonly index: VectorIndex;
	readonly model: ActiveModel;
	readonly uncut: () => ReadonlySet<number>;
	readonly excludedTags: () => ReadonlySet<string>;
}

export const createIndexReport = (deps: IndexReportDeps): IndexReport => {
	const { db, index, model, uncut, excludedTags } = deps;
	const status: IndexReport['status'] = (noteId, slot = 'active') => {
		if (noteId !== null) mustExist(db, noteId);
		return readIndexStatus(db, {
			modelKey: keyOf(model, slot),
			slot,
			nextKey: keyOf(model, 'next'),
			noteId,
			// What goes into the next set was checked when it was written.
			problemBySeq: slot === 'active' ? index.problemBySeq() : new Map(),
			uncut: uncut(),
			excludedTags: excludedTags()
		});
	};
	return { status, page: (query) => pageReasons(status(null), query) };
};

const mustExist = (db: Database, id: string): void => {
	if (db.get('SELECT 1 AS found FROM notes WHERE id = $id', { $id: id })) return;
	throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
};
