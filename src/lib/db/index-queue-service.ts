import {
	nextVersionSetting,
	toVersionKey,
	versionOfSetting,
	versionSetting,
	type EmbeddingVersion
} from '$lib/domain/embedding-version';
import type { IndexProgress } from '$lib/domain/indexing';
import { createRateMeter } from '$lib/domain/rate-meter';
import type { VectorSlot } from '$lib/domain/vector-set';
import type {
	ClaimedPassage,
	IndexQueueApi,
	PassageVector,
	PendingPassage
} from '$lib/protocol/index-queue-api';
import { createIndexCoverage, type IndexCoverage, type IndexCoverageDeps } from './index-coverage';
import type { IndexJobs } from './index-jobs';
import { createIndexReport, type IndexReport, type IndexReportDeps } from './index-report';
import type { PassageChange } from './repositories/written';
import type { SettingRepository } from './repositories/setting-repository';
import type { VectorRepository } from './repositories/vector-repository';
import { saveVectors } from './save-vectors';
import { keyOf, slotOfKey, type Queues } from './vector-slots';

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
	readonly coverage: Pick<IndexCoverage, 'active' | 'side' | 'countMissing'>;
	readonly status: IndexReport['status'];
	readonly reasons: IndexReport['page'];
	retryFailed(): number;
	/** To be told of every committed change of notes. */
	follow(change: PassageChange): void;
	/** What was counted may be wrong now: somebody wrote past this service. */
	forget(): void;
}

export interface IndexQueueDeps extends IndexCoverageDeps, IndexReportDeps {
	readonly jobs: IndexJobs;
	readonly vectors: VectorRepository;
	readonly settings: SettingRepository;
	readonly changed: () => void;
}

const rateWindowMs = 15_000;

export const createIndexQueueService = (deps: IndexQueueDeps): IndexQueueService =>
	new IndexQueue(deps);

class IndexQueue implements IndexQueueService {
	readonly #meter = createRateMeter(rateWindowMs);
	readonly coverage: IndexCoverage;
	readonly status: IndexReport['status'];
	readonly reasons: IndexReport['page'];

	constructor(private readonly deps: IndexQueueDeps) {
		const report = createIndexReport(deps);
		this.coverage = createIndexCoverage(deps);
		this.status = report.status;
		this.reasons = report.page;
	}

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
		const { jobs, queues, model, now } = this.deps;
		const slot = slotOfKey(model, versionKey);
		if (slot === null) return [];
		const allowed = jobs.allowance(slot, limit);
		const claimed = queues[slot].claim(allowed.limit, allowed.ofEdits);
		// Where a measurement begins: without it a first batch would have no speed.
		if (slot === 'active' && claimed.length > 0) this.#meter.add(0, now());
		return claimed;
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
		this.coverage.grew();
		if (slot === 'next') this.coverage.sideGrew();
		this.deps.changed();
	}

	async markFailed(versionKey: string, passage: ClaimedPassage, message: string): Promise<void> {
		this.#settle(versionKey, passage, (queue) => queue.strike(passage.chunkId, message));
	}

	async markUnreadable(
		versionKey: string,
		passage: ClaimedPassage,
		message: string
	): Promise<void> {
		this.#settle(versionKey, passage, (queue) => queue.markUnreadable(passage.chunkId, message));
	}

	progress(): IndexProgress {
		const { queues, jobs, uncut, now, model } = this.deps;
		const { notes, passages } = queues.active.waiting();
		return {
			pendingNotes: notes + uncut().size,
			pendingPassages: passages,
			notesPerSecond: passages > 0 ? this.#meter.perSecond(now()) : null,
			lastNotesPerSecond: this.#meter.last(),
			paused: jobs.isPaused('active'),
			resting: jobs.isResting('active'),
			next: model.next && {
				pendingPassages: queues.next.waiting().passages,
				paused: jobs.isPaused('next')
			}
		};
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
		this.coverage.forget();
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

	#take(version: EmbeddingVersion): void {
		this.deps.model.version = version;
		this.deps.index.load(toVersionKey(version), version.dimensions);
		this.forget();
	}

	#settle(
		versionKey: string,
		{ chunkId, hash }: ClaimedPassage,
		work: (queue: Queues[VectorSlot]) => void
	): void {
		const slot = slotOfKey(this.deps.model, versionKey);
		if (slot === null) return;
		this.deps.db.transaction(() => {
			const queue = this.deps.queues[slot];
			if (queue.isCurrent(chunkId, hash)) work(queue);
			this.deps.jobs.endWhenDone();
		});
		this.forget();
	}
}
