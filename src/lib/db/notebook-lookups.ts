import { passageText } from '$lib/domain/chunking';
import type { EmbeddedNote, EmbeddedSlice } from '$lib/domain/embedded-note';
import { parseVersionKey } from '$lib/domain/embedding-version';
import { findVectorProblem } from '$lib/domain/index-rules';
import type { NoteEmbedding } from '$lib/domain/indexing';
import { meaningWeight, meaningWeightSetting, similarityFloor } from '$lib/domain/meaning-weight';
import { stressQuery } from '$lib/domain/query-stress';
import type { Coverage, RelatedNote, SearchRequest, SearchResponse } from '$lib/domain/search';
import { norm } from '$lib/domain/vector';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { IndexQueueService } from './index-queue-service';
import { readCoverage } from './repositories/index-status';
import type { NoteRepository, StoredNote } from './repositories/note-repository';
import type { SettingRepository } from './repositories/setting-repository';
import type { VectorRepository } from './repositories/vector-repository';
import { search, type SearchDeps } from './search/hybrid-search';
import { findRelated } from './search/related-notes';
import type { VectorIndex } from './search/vector-index';
import type { Database } from './sqlite/database';
import { keyOf, type ActiveModel } from './vector-slots';

/** What the notebook answers without a change: searches, neighbours and vectors. */
export interface Lookups {
	search(request: SearchRequest): SearchResponse;
	related(noteId: string, limit: number): readonly RelatedNote[];
	embedding(noteId: string): NoteEmbedding;
	/** Notes in id order after `afterId`, trash left out, with passages and vectors of the active model. */
	embeddedNotes(afterId: string | null, limit: number): EmbeddedSlice;
}

export interface LookupDeps {
	readonly db: Database;
	/** For durations: never goes back. */
	readonly elapsed: Clock;
	readonly model: ActiveModel;
	readonly notes: NoteRepository;
	readonly vectors: VectorRepository;
	readonly settings: SettingRepository;
	readonly indexing: IndexQueueService;
	readonly vectorIndex: VectorIndex;
	/** A set that is searched beside the active one. */
	readonly side: VectorIndex;
}

export const createLookups = (deps: LookupDeps): Lookups => {
	const { db, model, notes, vectors, vectorIndex } = deps;
	return {
		search: createSearch(deps),
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

/** A vector of a model whose set is not at hand says nothing: words alone answer then. */
const createSearch = (deps: LookupDeps): Lookups['search'] => {
	const { db, elapsed, model, settings, indexing, vectorIndex, side } = deps;
	const inSet = (modelId: string, index: VectorIndex, coverage: () => Coverage): SearchDeps => ({
		db,
		vectors: index,
		meaningWeight: () => meaningWeight(modelId, settings.get(meaningWeightSetting(modelId))),
		similarityFloor: () => similarityFloor(modelId),
		stress: (vector: Float32Array, trust: number) => stressQuery(modelId, vector, trust),
		coverage,
		now: elapsed
	});
	return (request) => {
		const key = request.versionKey ?? keyOf(model);
		if (key === keyOf(model)) {
			const active = inSet(model.version?.modelId ?? '', vectorIndex, () =>
				indexing.coverage.active()
			);
			return search(active, request);
		}
		const version = side.key === key ? parseVersionKey(key) : null;
		const set = inSet(version?.modelId ?? '', side, () =>
			version ? indexing.coverage.side() : readCoverage(db, key, 'next')
		);
		return search(set, version ? request : { ...request, vector: null });
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
