import { chunkerVersion, passageText } from '$lib/domain/chunking';
import { meaningWeight, meaningWeightSetting } from '$lib/domain/meaning-weight';
import type { NoteEmbedding } from '$lib/domain/indexing';
import type { NoteListQuery, NotePage } from '$lib/domain/note';
import type { RelatedNote, SearchRequest, SearchResponse } from '$lib/domain/search';
import { norm } from '$lib/domain/vector';
import { AppError } from '$lib/shared/app-error';
import type { Logger } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import { createIndexJobs, type IndexJobs } from './index-jobs';
import {
	createIndexQueueService,
	keyOf,
	type ActiveModel,
	type IndexQueueService
} from './index-queue-service';
import { createAppliedWrites } from './repositories/applied-writes';
import { createChunkRepository } from './repositories/chunk-repository';
import { createIndexJobRepository } from './repositories/index-job-repository';
import { createIndexQueueRepository } from './repositories/index-queue-repository';
import { listNotes } from './repositories/note-list';
import {
	createNoteRepository,
	type NoteRepository,
	type StoredNote
} from './repositories/note-repository';
import { createNoteWrites, type NoteWrites } from './repositories/note-writes';
import { createSettingRepository, type SettingRepository } from './repositories/setting-repository';
import { createTextIndex } from './repositories/text-index';
import { createVectorRepository, type VectorRepository } from './repositories/vector-repository';
import { search } from './search/hybrid-search';
import { findRelated } from './search/related-notes';
import { createVectorIndex, type VectorIndex } from './search/vector-index';
import type { Database } from './sqlite/database';

export interface NotebookCoreDeps {
	readonly db: Database;
	readonly now: Clock;
	/** For durations: never goes back. */
	readonly elapsed: Clock;
	readonly newId: () => string;
	readonly log: Logger;
	/** Lets waiting calls run between two slices of a long read. */
	readonly pause: () => Promise<void>;
	/** What is indexed or waits for it is different now. */
	readonly indexChanged: () => void;
}

/** Notes, search and index over one open database: everything but the file itself. */
export interface NotebookCore {
	readonly db: Database;
	readonly notes: NoteRepository;
	readonly writes: NoteWrites;
	readonly settings: SettingRepository;
	readonly indexing: IndexQueueService;
	readonly jobs: IndexJobs;
	readonly vectorIndex: VectorIndex;
	list(query: NoteListQuery): NotePage;
	search(request: SearchRequest): SearchResponse;
	related(noteId: string, limit: number): readonly RelatedNote[];
	embedding(noteId: string): NoteEmbedding;
	/** Full-text index, tags and passages anew from the notes; resolves to how long it took. */
	rebuildTextIndex(): number;
	/** After the file was opened or replaced: nothing remembered from before counts. */
	refresh(): void;
}

export const createNotebookCore = (deps: NotebookCoreDeps): NotebookCore => {
	const { db, now, elapsed, newId, log, pause, indexChanged: changed } = deps;
	const model: ActiveModel = { version: null };
	const notes = createNoteRepository(db);
	const chunks = createChunkRepository(db);
	const vectors = createVectorRepository(db);
	const settings = createSettingRepository(db);
	const applied = createAppliedWrites(db, now);
	const queue = createIndexQueueRepository(db, () => keyOf(model));
	const vectorIndex = createVectorIndex({ vectors, pause, log });
	const jobRows = createIndexJobRepository(db);
	const jobs = createIndexJobs({
		db,
		jobs: jobRows,
		queue,
		index: vectorIndex,
		now,
		newId,
		changed
	});
	const indexing = createIndexQueueService({
		...{ db, queue, jobs, vectors, settings, model, now, changed },
		index: vectorIndex
	});
	const textIndex = createTextIndex({ db, notes, chunks });
	const searchDeps = {
		db,
		vectors: vectorIndex,
		meaningWeight: () => weightOf(model, settings),
		coverage: indexing.coverage,
		now: elapsed
	};
	return {
		...{ db, notes, settings, indexing, jobs, vectorIndex },
		writes: createNoteWrites({ db, notes, chunks, queue, applied, now, newId }),
		list: (query) => listNotes(db, query, keyOf(model)),
		search: (request) => search(searchDeps, request),
		related: (noteId, limit) => {
			const { seq } = mustFind(notes, noteId);
			const own = vectors.ofNote(seq, keyOf(model));
			return findRelated(db, vectorIndex, { seq, own, limit });
		},
		embedding: (noteId) => readEmbedding(mustFind(notes, noteId), vectors, model),
		rebuildTextIndex() {
			const startedAt = elapsed();
			textIndex.rebuild();
			return elapsed() - startedAt;
		},
		refresh() {
			applied.prune();
			textIndex.recutOutdated(chunkerVersion);
			indexing.reload();
		}
	};
};

const weightOf = ({ version }: ActiveModel, settings: SettingRepository): number => {
	const modelId = version?.modelId ?? '';
	return meaningWeight(modelId, settings.get(meaningWeightSetting(modelId)));
};

const readEmbedding = (
	{ seq, note }: StoredNote,
	vectors: VectorRepository,
	model: ActiveModel
): NoteEmbedding => ({
	noteId: note.id,
	model: keyOf(model),
	dimensions: model.version?.dimensions ?? 0,
	chunks: vectors.ofNote(seq, keyOf(model)).map((stored) => ({
		text: passageText(note.title, note.body, stored),
		norm: norm(stored.vector),
		vector: [...stored.vector]
	}))
});

const mustFind = (notes: NoteRepository, id: string): StoredNote => {
	const found = notes.find(id);
	if (!found) throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
	return found;
};
