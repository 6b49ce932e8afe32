import { chunkerVersion } from '$lib/domain/chunking';
import type { ImportedNote, ImportMatch } from '$lib/domain/import';
import type { NoteListQuery, NotePage } from '$lib/domain/note';
import type { Logger } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import { createExcludedTags, type ExcludedTags } from './excluded-tags';
import { createIndexJobs, type IndexJobs } from './index-jobs';
import { createIndexQueueService, type IndexQueueService } from './index-queue-service';
import { createAppliedWrites } from './repositories/applied-writes';
import { createChunkRepository } from './repositories/chunk-repository';
import { createIndexJobRepository } from './repositories/index-job-repository';
import {
	createIndexQueueRepository,
	type IndexQueueRepository
} from './repositories/index-queue-repository';
import { matchImport } from './repositories/import-match';
import { listNotes } from './repositories/note-list';
import { createNoteRepository, type NoteRepository } from './repositories/note-repository';
import { createNoteWrites, type NoteWrites } from './repositories/note-writes';
import { createSettingRepository, type SettingRepository } from './repositories/setting-repository';
import { createTextIndex } from './repositories/text-index';
import { createVectorRepository } from './repositories/vector-repository';
import { createVectorIndex, type VectorIndex } from './search/vector-index';
import { createPassageCutter, type PassageCutter } from './passage-cutter';
import { createLookups, type Lookups } from './notebook-lookups';
import type { Database } from './sqlite/database';
import { createNoteVectors, type NoteVectorReader } from './note-vectors';
import { createSuggester, type Suggester } from './suggest';
import { createVectorCare, type VectorCare } from './vector-care';
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
export interface NotebookCore extends Lookups {
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
	readonly excluded: ExcludedTags;
	readonly noteVectors: NoteVectorReader;
	/** What the vectors propose. */
	readonly suggester: Suggester;
	/** Looks after the vectors of all sets. */
	readonly care: VectorCare;
	list(query: NoteListQuery): NotePage;
	matchImport(notes: readonly ImportedNote[]): readonly ImportMatch[];
	/** Full-text index, tags and passages anew from the notes; resolves to how long it took. */
	rebuildTextIndex(): number;
	/** After the file was opened or replaced: nothing remembered from before counts. */
	refresh(): void;
}

export const createNotebookCore = (deps: NotebookCoreDeps): NotebookCore => {
	const parts = createParts(deps);
	const { model, notes, settings, indexing, jobs, vectorIndex, sets, cutter, excluded, care } =
		parts;
	const noteVectors = createNoteVectors(deps.db, parts.vectors, model);
	return {
		...{ db: deps.db, notes, settings, indexing, jobs, vectorIndex, sets, cutter, excluded, care },
		noteVectors,
		suggester: createSuggester({ ...deps, model, noteVectors }),
		writes: cutAfterImport(parts),
		list: (query) =>
			listNotes(deps.db, query, {
				modelKey: keyOf(model),
				uncut: cutter.due,
				faulty: vectorIndex.problemChunks()
			}),
		matchImport: (notes) => matchImport(deps.db, notes),
		...createLookups({ ...deps, ...parts }),
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
			excluded.resume();
		}
	};
};

type Parts = ReturnType<typeof createParts>;

const createParts = (deps: NotebookCoreDeps) => {
	const { db, now, elapsed, newId, log, pause, indexChanged: changed } = deps;
	const model: ActiveModel = { version: null, next: null };
	const notes = createNoteRepository(db);
	const vectors = createVectorRepository(db);
	const settings = createSettingRepository(db);
	const excluded: ExcludedTags = createExcludedTags({
		...{ db, notes, settings, pause, log },
		chunks: () => chunks,
		cutter: () => cutter,
		removed: (change) => indexing.follow(change)
	});
	const chunks = createChunkRepository(db, {
		queues: () => (model.next ? ['index_queue', 'next_queue'] : ['index_queue']),
		excludedTags: excluded.current
	});
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
		uncut: () => cutter.due,
		excludedTags: excluded.current
	});
	const sets = createVectorSets({
		...{ db, model, queues, jobs, vectors, settings, indexing, side, pause }
	});
	const care = createVectorCare({ db, model, queues, indexing, pause });
	const queue = inEveryQueue(queues, model);
	const writes = createNoteWrites({ db, notes, chunks, queue, applied, now, newId });
	const textIndex = createTextIndex({ db, notes, chunks });
	return {
		...{ model, notes, vectors, settings, applied, vectorIndex, side, sets },
		...{ cutter, jobs, indexing, writes, textIndex, excluded, care }
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
