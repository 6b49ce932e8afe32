import {
	nextVersionSetting,
	toVersionKey,
	versionOfSetting,
	versionSetting,
	type EmbeddingVersion
} from '$lib/domain/embedding-version';
import type { EmbeddingStatus, IndexProgress } from '$lib/domain/indexing';
import { createRateMeter } from '$lib/domain/rate-meter';
import type { Coverage } from '$lib/domain/search';
import type { VectorSlot } from '$lib/domain/vector-set';
import type { IndexQueueApi, PassageVector, PendingPassage } from '$lib/protocol/index-queue-api';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { IndexJobs } from './index-jobs';
import { readCoverage, readIndexStatus } from './repositories/index-status';
import type { PassageChange } from './repositories/written';
import type { SettingRepository } from './repositories/setting-repository';
import type { VectorRepository } from './repositories/vector-repository';
import type { VectorIndex } from './search/vector-index';
import { saveVectors } from './save-vectors';
import type { Database } from './sqlite/database';
import { keyOf, slotOfKey, type ActiveModel, type Queues } from './vector-slots';

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
	/** The same of the set that is searched beside the active one. */
	sideCoverage(): Coverage;
	status(noteId: string | null, slot?: VectorSlot): EmbeddingStatus;
	countMissing(): number;
	retryFailed(): number;
	/** To be told of every committed change of notes. */
	follow(change: PassageChange): void;
	/** What was counted may be wrong now: somebody wrote past this service. */
	forget(): void;
}

export interface IndexQueueDeps {
	readonly db: Database;
	readonly queues: Queues;
	readonly jobs: IndexJobs;
	readonly vectors: VectorRepository;
	readonly index: VectorIndex;
	/** A set that is searched beside the active one. */
	readonly side: VectorIndex;
	readonly settings: SettingRepository;
	readonly model: ActiveModel;
	readonly now: Clock;
	readonly changed: () => void;
	/** Notes that wait to be cut into passages: they count as not indexed yet. */
	readonly uncut: () => ReadonlySet<number>;
}

const rateWindowMs = 15_000;
const coverageLagMs = 1_000;

export const createIndexQueueService = (deps: IndexQueueDeps): IndexQueueService =>
	new IndexQueue(deps);

class IndexQueue implements IndexQueueService {
	readonly #meter = createRateMeter(rateWindowMs);
	#coverage: Coverage | null = null;
	#sideCoverage: { readonly key: string; readonly coverage: Coverage } | null = null;
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
		const { db, model, settings, queues } = this.deps;
		if (toVersionKey(version) === this.activeKey()) return;
		const before = model.version;
		try {
			db.transaction(() => {
				model.version = version;
				settings.set(versionSetting, JSON.stringify(version));
				queues.active.startOver();
				queues.active.addMissing({});
			});
		} catch (error) {
			model.version = before;
			throw error;
		}
		this.#take(version);
	}

	reload(): void {
		const { model, settings, index, side } = this.deps;
		const stored = settings.get(versionSetting);
		model.version = null;
		model.next = versionOfSetting(settings.get(nextVersionSetting));
		if (!model.next) this.#endNext();
		index.stop();
		side.stop();
		if (stored === null) this.forget();
		else this.#take(JSON.parse(stored) as EmbeddingVersion);
	}

	requeueMissing(): void {
		if (this.deps.model.version) this.deps.queues.active.addMissing({});
		this.forget();
	}

	// Async, so that an error arrives as a rejection, as the contract says.
	async claim(versionKey: string, limit: number): Promise<readonly PendingPassage[]> {
		const { jobs, queues, model } = this.deps;
		const slot = slotOfKey(model, versionKey);
		return slot !== null && !jobs.isPaused(slot) ? queues[slot].claim(limit) : [];
	}

	async saveVectors(versionKey: string, vectors: readonly PassageVector[]): Promise<void> {
		const { model, index, side, queues, now } = this.deps;
		const slot = slotOfKey(model, versionKey);
		if (slot === null) return;
		const saved = saveVectors(this.deps, slot, vectors);
		const seqs = new Set<number>();
		for (const { chunkId, seq, vector } of saved) {
			if (seq === null) continue;
			if (slot === 'active') index.add({ chunkId, seq, vector });
			else if (side.key === versionKey) side.add({ chunkId, seq, vector });
			seqs.add(seq);
		}
		const isDone = (seq: number): boolean => !queues[slot].hasWaiting(seq);
		if (slot === 'active') this.#meter.add([...seqs].filter(isDone).length, now());
		this.#coverageAgesSince ??= now();
		if (slot === 'next') this.#sideCoverage = null;
		this.deps.changed();
	}

	async markFailed(versionKey: string, chunkId: number, message: string): Promise<void> {
		this.#settle(versionKey, (queue) => queue.strike(chunkId, message));
	}

	async markUnreadable(versionKey: string, chunkId: number, message: string): Promise<void> {
		this.#settle(versionKey, (queue) => queue.markUnreadable(chunkId, message));
	}

	progress(): IndexProgress {
		const { queues, jobs, uncut, now, model } = this.deps;
		const { notes, passages } = queues.active.waiting();
		return {
			pendingNotes: notes + uncut().size,
			pendingPassages: passages,
			notesPerSecond: passages > 0 ? this.#meter.perSecond(now()) : null,
			paused: jobs.isPaused('active'),
			next: model.next && {
				pendingPassages: queues.next.waiting().passages,
				paused: jobs.isPaused('next')
			}
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

	sideCoverage(): Coverage {
		const { db, side } = this.deps;
		const key = side.key ?? '';
		if (this.#sideCoverage?.key !== key) {
			this.#sideCoverage = { key, coverage: readCoverage(db, key, 'next') };
		}
		return this.#sideCoverage.coverage;
	}

	status(noteId: string | null, slot: VectorSlot = 'active'): EmbeddingStatus {
		const { db, index, uncut, model } = this.deps;
		if (noteId !== null) mustExist(db, noteId);
		return readIndexStatus(db, {
			modelKey: keyOf(model, slot),
			slot,
			nextKey: keyOf(model, 'next'),
			noteId,
			// What goes into the next set was checked when it was written.
			problemBySeq: slot === 'active' ? index.problemBySeq() : new Map(),
			uncut: uncut()
		});
	}

	countMissing(): number {
		const { indexableNotes, indexedNotes } = readCoverage(this.deps.db, this.activeKey());
		return indexableNotes - indexedNotes + this.deps.uncut().size;
	}

	retryFailed(): number {
		const { active, next } = this.deps.queues;
		const passages = active.retryFailed() + next.retryFailed();
		this.forget();
		return passages;
	}

	follow(change: PassageChange): void {
		const { db, index, side, jobs } = this.deps;
		index.follow(change);
		side.follow(change);
		db.transaction(() => jobs.endWhenDone());
		this.forget();
	}

	forget(): void {
		this.#coverage = null;
		this.#sideCoverage = null;
		this.#coverageAgesSince = null;
		this.deps.changed();
	}

	/** A restore leaves out a change of the model; its job and its queue may have come along. */
	#endNext(): void {
		const { db, jobs, queues } = this.deps;
		db.transaction(() => {
			jobs.cancelOn('next');
			queues.next.clear();
		});
	}

	/** While passages are written it may lag a little behind: to count takes longer than a search. */
	#isCoverageOld(): boolean {
		const { queues, now } = this.deps;
		const since = this.#coverageAgesSince;
		if (since === null || (now() - since < coverageLagMs && queues.active.isWaiting()))
			return false;
		this.#coverageAgesSince = null;
		return true;
	}

	#take(version: EmbeddingVersion): void {
		this.deps.model.version = version;
		this.deps.index.load(toVersionKey(version), version.dimensions);
		this.forget();
	}

	#settle(versionKey: string, work: (queue: Queues[VectorSlot]) => void): void {
		const slot = slotOfKey(this.deps.model, versionKey);
		if (slot === null) return;
		this.deps.db.transaction(() => {
			work(this.deps.queues[slot]);
			this.deps.jobs.endWhenDone();
		});
		this.forget();
	}
}

const mustExist = (db: Database, id: string): void => {
	if (db.get('SELECT 1 AS found FROM notes WHERE id = $id', { $id: id })) return;
	throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
};
