import { chunkerVersion, passageText } from '$lib/domain/chunking';
import type { EmbeddedNote, EmbeddedSlice } from '$lib/domain/embedded-note';
import { findVectorProblem } from '$lib/domain/index-rules';
import { meaningWeight, meaningWeightSetting, similarityFloor } from '$lib/domain/meaning-weight';
import { stressQuery } from '$lib/domain/query-stress';
import type { NoteEmbedding } from '$lib/domain/indexing';
import type { ImportedNote, ImportMatch } from '$lib/domain/import';
import type { NoteListQuery, NotePage } from '$lib/domain/note';
import { parseVersionKey } from '$lib/domain/embedding-version';
import type { Coverage, RelatedNote, SearchRequest, SearchResponse } from '$lib/domain/search';
import { norm } from '$lib/domain/vector';
import { AppError } from '$lib/shared/app-error';
import type { Logger } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import { createIndexJobs, type IndexJobs } from './index-jobs';
import { createIndexQueueService, type IndexQueueService } from './index-queue-service';
import { createAppliedWrites } from './repositories/applied-writes';
import { createChunkRepository } from './repositories/chunk-repository';
import { createIndexJobRepository } from './repositories/index-job-repository';
import {
	createIndexQueueRepository,
	type IndexQueueRepository
} from './repositories/index-queue-repository';
import { readCoverage } from './repositories/index-status';
import { matchImport } from './repositories/import-match';
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
import { search, type SearchDeps } from './search/hybrid-search';
import { findRelated } from './search/related-notes';
import { createVectorIndex, type VectorIndex } from './search/vector-index';
import { createPassageCutter, type PassageCutter } from './passage-cutter';
import type { Database } from './sqlite/database';
import { createVectorSets, type VectorSets } from './vector-sets';
import { keyOf, type ActiveModel, type Queues } from './vector-slots';

export interface NotebookCoreDeps {
	readonly db: Database;
	readonly now: Clock;
	/** For durations: never goes back. */
	readonly elapsed: Clock;
	readonly newId: () => string;
	readonly log: Logger;
	/** Lets waiting calls run between two slices of a long read; with a time it waits that long. */
	readonly pause: (waitMs?: number) => Promise<void>;
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
	/** The vectors of several models side by side. */
	readonly sets: VectorSets;
	readonly cutter: PassageCutter;
	list(query: NoteListQuery): NotePage;
	matchImport(notes: readonly ImportedNote[]): readonly ImportMatch[];
	search(request: SearchRequest): SearchResponse;
	related(noteId: string, limit: number): readonly RelatedNote[];
	embedding(noteId: string): NoteEmbedding;
	/** Notes in id order after `afterId`, trash left out, with passages and vectors of the active model. */
	embeddedNotes(afterId: string | null, limit: number): EmbeddedSlice;
	/** Full-text index, tags and passages anew from the notes; resolves to how long it took. */
	rebuildTextIndex(): number;
	/** After the file was opened or replaced: nothing remembered from before counts. */
	refresh(): void;
}

export const createNotebookCore = (deps: NotebookCoreDeps): NotebookCore => {
	const parts = createParts(deps);
	const { model, notes, settings, indexing, jobs, vectorIndex, sets, cutter } = parts;
	return {
		...{ db: deps.db, notes, settings, indexing, jobs, vectorIndex, sets, cutter },
		writes: cutAfterImport(parts),
		list: (query) => listNotes(deps.db, query, { modelKey: keyOf(model), uncut: cutter.due }),
		matchImport: (notes) => matchImport(deps.db, notes),
		...lookups(deps, parts),
		rebuildTextIndex() {
			const startedAt = deps.elapsed();
			parts.textIndex.rebuild();
			return deps.elapsed() - startedAt;
		},
		refresh() {
			parts.applied.prune();
			parts.textIndex.recutOutdated(chunkerVersion);
			indexing.reload();
			cutter.start();
		}
	};
};

type Parts = ReturnType<typeof createParts>;

const createParts = (deps: NotebookCoreDeps) => {
	const { db, now, elapsed, newId, log, pause, indexChanged: changed } = deps;
	const model: ActiveModel = { version: null, next: null };
	const notes = createNoteRepository(db);
	const chunks = createChunkRepository(db, () =>
		model.next ? ['index_queue', 'next_queue'] : ['index_queue']
	);
	const vectors = createVectorRepository(db);
	const settings = createSettingRepository(db);
	const applied = createAppliedWrites(db, now);
	const queues: Queues = {
		active: createIndexQueueRepository(db, 'index_queue', () => keyOf(model)),
		next: createIndexQueueRepository(db, 'next_queue', () => keyOf(model, 'next'))
	};
	const vectorIndex = createVectorIndex({ vectors, pause, log });
	const side = createVectorIndex({ vectors, pause, log });
	const cutter: PassageCutter = createPassageCutter({
		...{ db, notes, chunks, pause, log, elapsed },
		changed: () => indexing.forget()
	});
	const jobs = createIndexJobs({
		...{ db, queues, now, newId, changed },
		keyOf: (slot) => keyOf(model, slot),
		jobs: createIndexJobRepository(db),
		index: vectorIndex,
		prepare: cutter.finish
	});
	const indexing: IndexQueueService = createIndexQueueService({
		...{ db, queues, jobs, vectors, settings, model, now, changed, side },
		index: vectorIndex,
		uncut: () => cutter.due
	});
	const sets = createVectorSets({
		...{ db, model, queues, jobs, vectors, settings, indexing, side, pause }
	});
	const queue = inEveryQueue(queues, model);
	const writes = createNoteWrites({ db, notes, chunks, queue, applied, now, newId });
	const textIndex = createTextIndex({ db, notes, chunks });
	return {
		...{ model, notes, vectors, settings, applied, vectorIndex, side, sets },
		...{ cutter, jobs, indexing, writes, textIndex }
	};
};

/** A note that goes to the trash or comes back matters to every set of vectors. */
const inEveryQueue = (
	{ active, next }: Queues,
	model: ActiveModel
): Pick<IndexQueueRepository, 'addMissing' | 'removeNote'> => ({
	addMissing(scope) {
		active.addMissing(scope);
		if (model.next) next.addMissing(scope);
	},
	removeNote(seq) {
		active.removeNote(seq);
		next.removeNote(seq);
	}
});

const cutAfterImport = ({ writes, cutter }: Parts): NoteWrites => ({
	...writes,
	save: (save) => {
		const written = writes.save(save);
		cutter.resume();
		return written;
	},
	importNotes: (notes) => {
		const written = writes.importNotes(notes);
		cutter.add(written.uncut);
		return written;
	}
});

const lookups = (
	{ db, elapsed }: NotebookCoreDeps,
	parts: Parts
): Pick<NotebookCore, 'search' | 'related' | 'embedding' | 'embeddedNotes'> => {
	const { model, notes, vectors, settings, indexing, vectorIndex, side } = parts;
	const inSet = (modelId: string, index: VectorIndex, coverage: () => Coverage): SearchDeps => ({
		db,
		vectors: index,
		meaningWeight: () => meaningWeight(modelId, settings.get(meaningWeightSetting(modelId))),
		similarityFloor: () => similarityFloor(modelId),
		stress: (vector: Float32Array, trust: number) => stressQuery(modelId, vector, trust),
		coverage,
		now: elapsed
	});
	/** A vector of a model whose set is not at hand says nothing: words alone answer then. */
	const searchSet = (request: SearchRequest): SearchResponse => {
		const key = request.versionKey ?? keyOf(model);
		if (key === keyOf(model)) {
			const active = inSet(model.version?.modelId ?? '', vectorIndex, () => indexing.coverage());
			return search(active, request);
		}
		const version = side.key === key ? parseVersionKey(key) : null;
		const set = inSet(version?.modelId ?? '', side, () =>
			version ? indexing.sideCoverage() : readCoverage(db, key, 'next')
		);
		return search(set, version ? request : { ...request, vector: null });
	};
	return {
		search: searchSet,
		related: (noteId, limit) => {
			const { seq } = mustFind(notes, noteId);
			const own = vectors.ofNote(seq, keyOf(model));
			return findRelated(db, vectorIndex, { seq, own, limit });
		},
		embedding: (noteId) => readEmbedding(mustFind(notes, noteId), vectors, model),
		embeddedNotes: (afterId, limit) => ({
			model: keyOf(model),
			dimensions: model.version?.dimensions ?? 0,
			notes: notes
				.readAfter(afterId, limit)
				.map((stored) => readEmbeddedNote(stored, vectors, model))
		})
	};
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

const readEmbeddedNote = (
	{ seq, note }: StoredNote,
	vectors: VectorRepository,
	model: ActiveModel
): EmbeddedNote => ({
	note,
	passages: vectors.passagesOf(seq, keyOf(model)).map(({ chunkId, ordinal, vector, ...place }) => ({
		id: chunkId,
		ordinal,
		text: passageText(note.title, note.body, place),
		vector: vector && findVectorProblem(vector, model.version?.dimensions ?? 0) ? null : vector
	}))
});

const mustFind = (notes: NoteRepository, id: string): StoredNote => {
	const found = notes.find(id);
	if (!found) throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
	return found;
};
