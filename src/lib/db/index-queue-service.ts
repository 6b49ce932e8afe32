import { toVersionKey, versionSetting, type EmbeddingVersion } from '$lib/domain/embedding-version';
import { findVectorProblem } from '$lib/domain/index-rules';
import type { EmbeddingStatus, IndexProgress } from '$lib/domain/indexing';
import { createRateMeter } from '$lib/domain/rate-meter';
import type { Coverage } from '$lib/domain/search';
import type { IndexQueueApi, PassageVector, PendingPassage } from '$lib/protocol/index-queue-api';
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
	/** Notes that wait to be cut into passages: they count as not indexed yet. */
	readonly uncut: () => ReadonlySet<number>;
}

export interface ActiveModel {
	version: EmbeddingVersion | null;
}

export const keyOf = ({ version }: ActiveModel): string => (version ? toVersionKey(version) : '');

const rateWindowMs = 15_000;
const coverageLagMs = 1_000;

export const createIndexQueueService = (deps: IndexQueueDeps): IndexQueueService =>
	new IndexQueue(deps);

class IndexQueue implements IndexQueueService {
	readonly #meter = createRateMeter(rateWindowMs);
	#coverage: Coverage | null = null;
	/** Vectors were written since it was counted. */
	#coverageAgesSince: number | null = null;

	constructor(private readonly deps: IndexQueueDeps) {}

	activeKey(): string {
		return keyOf(this.deps.model);
	}

	active(): EmbeddingVersion | null {
		return this.deps.model.version;
	}

	activate(version: EmbeddingVersion): void {
		const { db, model, settings, queue } = this.deps;
		if (toVersionKey(version) === this.activeKey()) return;
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
		this.#take(version);
	}

	reload(): void {
		const { model, settings, index } = this.deps;
		const stored = settings.get(versionSetting);
		model.version = null;
		index.stop();
		if (stored === null) this.forget();
		else this.#take(JSON.parse(stored) as EmbeddingVersion);
	}

	requeueMissing(): void {
		if (this.deps.model.version) this.deps.queue.addMissing({});
		this.forget();
	}

	// Async, so that an error arrives as a rejection, as the contract says.
	async claim(versionKey: string, limit: number): Promise<readonly PendingPassage[]> {
		const { jobs, queue } = this.deps;
		return this.#isActive(versionKey) && !jobs.isPaused() ? queue.claim(limit) : [];
	}

	async saveVectors(versionKey: string, vectors: readonly PassageVector[]): Promise<void> {
		if (!this.#isActive(versionKey)) return;
		const { index, queue, now } = this.deps;
		const saved = saveAll(this.deps, versionKey, vectors);
		const seqs = new Set<number>();
		for (const { chunkId, seq, vector } of saved) {
			if (seq === null) continue;
			index.add({ chunkId, seq, vector });
			seqs.add(seq);
		}
		this.#meter.add([...seqs].filter((seq) => !queue.hasWaiting(seq)).length, now());
		this.#coverageAgesSince ??= now();
		this.deps.changed();
	}

	async markFailed(versionKey: string, chunkId: number, message: string): Promise<void> {
		this.#settle(versionKey, () => this.deps.queue.strike(chunkId, message));
	}

	async markUnreadable(versionKey: string, chunkId: number, message: string): Promise<void> {
		this.#settle(versionKey, () => this.deps.queue.markUnreadable(chunkId, message));
	}

	progress(): IndexProgress {
		const { queue, jobs, uncut, now } = this.deps;
		const { notes, passages } = queue.waiting();
		return {
			pendingNotes: notes + uncut().size,
			pendingPassages: passages,
			notesPerSecond: passages > 0 ? this.#meter.perSecond(now()) : null,
			paused: jobs.isPaused()
		};
	}

	coverage(): Coverage {
		const { db, index, uncut } = this.deps;
		if (this.#isCoverageOld()) this.#coverage = null;
		this.#coverage ??= readCoverage(db, this.activeKey());
		const { indexedNotes, indexableNotes } = this.#coverage;
		return {
			indexedNotes: index.isLoaded() ? indexedNotes : Math.min(indexedNotes, index.notes),
			indexableNotes: indexableNotes + uncut().size
		};
	}

	status(noteId: string | null): EmbeddingStatus {
		const { db, index, uncut } = this.deps;
		if (noteId !== null) mustExist(db, noteId);
		return readIndexStatus(db, {
			modelKey: this.activeKey(),
			noteId,
			problemBySeq: index.problemBySeq(),
			uncut: uncut()
		});
	}

	countMissing(): number {
		const { indexableNotes, indexedNotes } = readCoverage(this.deps.db, this.activeKey());
		return indexableNotes - indexedNotes + this.deps.uncut().size;
	}

	retryFailed(): number {
		const passages = this.deps.queue.retryFailed();
		this.forget();
		return passages;
	}

	follow(change: PassageChange): void {
		const { db, index, jobs } = this.deps;
		index.follow(change);
		db.transaction(() => jobs.endWhenDone());
		this.forget();
	}

	forget(): void {
		this.#coverage = null;
		this.#coverageAgesSince = null;
		this.deps.changed();
	}

	/** While passages are written it may lag a little behind: to count takes longer than a search. */
	#isCoverageOld(): boolean {
		const { queue, now } = this.deps;
		const since = this.#coverageAgesSince;
		if (since === null || (now() - since < coverageLagMs && queue.isWaiting())) return false;
		this.#coverageAgesSince = null;
		return true;
	}

	#isActive(versionKey: string): boolean {
		return versionKey !== '' && versionKey === this.activeKey();
	}

	#take(version: EmbeddingVersion): void {
		this.deps.model.version = version;
		this.deps.index.load(toVersionKey(version), version.dimensions);
		this.forget();
	}

	#settle(versionKey: string, work: () => void): void {
		if (!this.#isActive(versionKey)) return;
		this.deps.db.transaction(() => {
			work();
			this.deps.jobs.endWhenDone();
		});
		this.forget();
	}
}

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
