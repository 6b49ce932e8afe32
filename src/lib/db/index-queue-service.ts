import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import { findVectorProblem } from '$lib/domain/index-rules';
import type { EmbeddingStatus, IndexProgress } from '$lib/domain/indexing';
import { createRateMeter } from '$lib/domain/rate-meter';
import type { Coverage } from '$lib/domain/search';
import type { IndexQueueApi, PassageVector } from '$lib/protocol/index-queue-api';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { IndexJobs } from './index-jobs';
import type { IndexQueueRepository } from './repositories/index-queue-repository';
import { readCoverage, readIndexStatus } from './repositories/index-status';
import type { PassageChange } from './repositories/note-writes';
import type { SettingRepository } from './repositories/setting-repository';
import type { VectorRepository } from './repositories/vector-repository';
import type { VectorIndex } from './search/vector-index';
import type { Database } from './sqlite/database';

/** What is embedded, what waits for it, and which model counts. */
export interface IndexQueueService extends IndexQueueApi {
	/** Version key of the active model, or empty before the first one. */
	activeKey(): string;
	active(): EmbeddingVersion | null;
	/** Makes this the model whose vectors count; passages without one are queued. */
	activate(version: EmbeddingVersion): void;
	/** Takes up the model that the notebook names: after it was opened or restored. */
	reload(): void;
	/** Queues what has no vector: a restore may leave unusable ones behind. */
	requeueMissing(): void;
	progress(): IndexProgress;
	coverage(): Coverage;
	status(noteId: string | null): EmbeddingStatus;
	countMissing(): number;
	retryFailed(): number;
	/** To be told of every committed change of notes. */
	follow(change: PassageChange): void;
	/** What was counted may be wrong now: somebody wrote past this service. */
	forget(): void;
}

export interface IndexQueueDeps {
	readonly db: Database;
	readonly queue: IndexQueueRepository;
	readonly jobs: IndexJobs;
	readonly vectors: VectorRepository;
	readonly index: VectorIndex;
	readonly settings: SettingRepository;
	/** The model that counts, shared with the repositories that ask for it. */
	readonly model: ActiveModel;
	readonly now: Clock;
	readonly changed: () => void;
}

export interface ActiveModel {
	version: EmbeddingVersion | null;
}

export const keyOf = ({ version }: ActiveModel): string => (version ? toVersionKey(version) : '');

const versionSetting = 'embedding.version';
const rateWindowMs = 15_000;

export const createIndexQueueService = (deps: IndexQueueDeps): IndexQueueService => {
	const { db, queue, jobs, index, settings, model, now, changed } = deps;
	const meter = createRateMeter(rateWindowMs);
	let coverage: Coverage | null = null;
	const forget = (): void => {
		coverage = null;
		changed();
	};
	const activeKey = (): string => keyOf(model);
	const isActive = (versionKey: string): boolean => versionKey !== '' && versionKey === activeKey();

	const take = (version: EmbeddingVersion): void => {
		model.version = version;
		index.load(toVersionKey(version), version.dimensions);
		forget();
	};

	const settle = (versionKey: string, work: () => void): void => {
		if (!isActive(versionKey)) return;
		db.transaction(() => {
			work();
			jobs.endWhenDone();
		});
		forget();
	};

	return {
		activeKey,
		active: () => model.version,
		activate(version) {
			if (toVersionKey(version) === activeKey()) return;
			const before = model.version;
			try {
				db.transaction(() => {
					model.version = version;
					settings.set(versionSetting, JSON.stringify(version));
					queue.startOver();
					queue.addMissing({});
				});
			} catch (error) {
				model.version = before;
				throw error;
			}
			take(version);
		},
		reload() {
			const stored = settings.get(versionSetting);
			model.version = null;
			index.stop();
			if (stored === null) forget();
			else take(JSON.parse(stored) as EmbeddingVersion);
		},
		requeueMissing() {
			if (model.version) queue.addMissing({});
			forget();
		},
		claim: asPromise((versionKey: string, limit: number) =>
			isActive(versionKey) && !jobs.isPaused() ? queue.claim(limit) : []
		),
		saveVectors: asPromise((versionKey: string, vectors: readonly PassageVector[]) => {
			if (!isActive(versionKey)) return;
			const saved = saveAll(deps, versionKey, vectors);
			for (const { chunkId, seq, vector } of saved) {
				if (seq !== null) index.add({ chunkId, seq, vector });
			}
			const seqs = new Set(saved.flatMap(({ seq }) => (seq === null ? [] : [seq])));
			meter.add([...seqs].filter((seq) => !queue.hasWaiting(seq)).length, now());
			forget();
		}),
		markFailed: asPromise((versionKey: string, chunkId: number, message: string) =>
			settle(versionKey, () => queue.strike(chunkId, message))
		),
		markUnreadable: asPromise((versionKey: string, chunkId: number, message: string) =>
			settle(versionKey, () => queue.markUnreadable(chunkId, message))
		),
		progress() {
			const { notes, passages } = queue.waiting();
			return {
				pendingNotes: notes,
				pendingPassages: passages,
				notesPerSecond: passages > 0 ? meter.perSecond(now()) : null,
				paused: jobs.isPaused()
			};
		},
		coverage() {
			coverage ??= readCoverage(db, activeKey());
			if (index.isLoaded()) return coverage;
			return { ...coverage, indexedNotes: Math.min(coverage.indexedNotes, index.notes) };
		},
		status(noteId) {
			if (noteId !== null) mustExist(db, noteId);
			return readIndexStatus(db, {
				modelKey: activeKey(),
				noteId,
				problemBySeq: index.problemBySeq()
			});
		},
		countMissing() {
			const { indexableNotes, indexedNotes } = readCoverage(db, activeKey());
			return indexableNotes - indexedNotes;
		},
		retryFailed() {
			const passages = queue.retryFailed();
			forget();
			return passages;
		},
		follow(change) {
			index.follow(change);
			db.transaction(() => jobs.endWhenDone());
			forget();
		},
		forget
	};
};

/** An error then arrives as a rejection, as the contract says, and not as an exception. */
const asPromise =
	<Args extends readonly unknown[], T>(work: (...args: Args) => T) =>
	(...args: Args): Promise<T> =>
		new Promise((resolve) => resolve(work(...args)));

interface SavedVector {
	readonly chunkId: number;
	/** Null when the note is in the trash: its vectors are kept on disk only. */
	readonly seq: number | null;
	readonly vector: Float32Array;
}

const saveAll = (
	{ db, queue, jobs, vectors, model }: IndexQueueDeps,
	versionKey: string,
	fresh: readonly PassageVector[]
): readonly SavedVector[] =>
	db.transaction(() => {
		const dimensions = model.version?.dimensions ?? 0;
		const saved = fresh.flatMap(({ chunkId, hash, vector }): SavedVector[] => {
			if (!queue.isCurrent(chunkId, hash)) return [];
			const problem = findVectorProblem(vector, dimensions);
			if (problem) {
				queue.strike(chunkId, `The model gave a vector that is of no use (${problem}).`);
				return [];
			}
			vectors.save(chunkId, versionKey, vector);
			queue.remove(chunkId);
			return [{ chunkId, seq: queue.liveNoteOf(chunkId), vector }];
		});
		jobs.addWork();
		jobs.endWhenDone();
		return saved;
	});

const mustExist = (db: Database, id: string): void => {
	if (db.get('SELECT 1 AS found FROM notes WHERE id = $id', { $id: id })) return;
	throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
};
