import { largestBatch, slotOf, type IndexJob, type JobOrder } from '$lib/domain/indexing';
import type { VectorSlot } from '$lib/domain/vector-set';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import { createJobTurns, type JobTurns } from './job-turns';
import type { IndexJobRepository } from './repositories/index-job-repository';
import type { IndexQueueRepository } from './repositories/index-queue-repository';
import type { VectorIndex } from './search/vector-index';
import type { Database } from './sqlite/database';

/** Jobs over many notes: one at a time on each set of vectors, kept in the notebook, so that a reload does not end them. */
export interface IndexJobs extends JobTurns {
	/** Rejects with `busy` while another one is running or paused, and too large a batch. */
	start(order: JobOrder): IndexJob;
	list(): readonly IndexJob[];
	pause(id: string): IndexJob;
	resume(id: string): IndexJob;
	/** What is done stays; the rest is not embedded by this job any more. */
	cancel(id: string): IndexJob;
	/** Ends what works on this set, without an undo of what it did. */
	cancelOn(slot: VectorSlot): void;
	/** The next set became the active one. */
	moveToActive(): void;
	/** Call in the transaction that settled a passage. */
	endWhenDone(): void;
	/** Counts the time since the last call as worked, unless it was a long wait. */
	addWork(slot: VectorSlot): void;
}

export interface IndexJobDeps {
	readonly db: Database;
	readonly jobs: IndexJobRepository;
	readonly queues: Readonly<Record<VectorSlot, IndexQueueRepository>>;
	/** Version key of the model of a set; empty when it has none. */
	readonly keyOf: (slot: VectorSlot) => string;
	readonly index: VectorIndex;
	readonly now: Clock;
	readonly newId: () => string;
	readonly changed: () => void;
	/** Makes sure that every note has its passages: a job is about all of them. */
	readonly prepare: () => void;
}

/** A longer gap between two batches is not work: the tab was asleep or the model restarted. */
const longestBatchMs = 30_000;

export const createIndexJobs = (deps: IndexJobDeps): IndexJobs => {
	const { db, jobs, now, newId, changed, prepare } = deps;
	const lastWorkAt: Record<VectorSlot, number> = { active: now(), next: now() };

	const turns = createJobTurns(jobs, () => {
		// The time that a job rested is not work.
		for (const slot of slots) lastWorkAt[slot] = now();
		changed();
	});

	const act = (id: string, work: (job: IndexJob) => void): IndexJob => {
		db.transaction(() => work(mustFind(jobs, id)));
		changed();
		return mustFind(jobs, id);
	};

	const endWhenDone = (): void => endDone(jobs, now());

	return {
		...turns,
		start(order) {
			const id = newId();
			const slot = slotOf(order.kind);
			db.transaction(() => {
				if (jobs.current(slot)) throw new AppError('busy', alreadyRuns);
				prepare();
				enqueue(deps, order, id);
				const { kind, whenIdle = false, batchSize = null } = order;
				jobs.start({ id, kind, model: deps.keyOf(slot), nowMs: now(), whenIdle, batchSize });
				endWhenDone();
			});
			lastWorkAt[slot] = now();
			changed();
			return mustFind(jobs, id);
		},
		list: () => jobs.list(),
		pause: (id) =>
			act(id, ({ state }) => {
				if (state === 'running') jobs.setState(id, 'paused');
			}),
		resume: (id) =>
			act(id, ({ state, kind }) => {
				if (state !== 'paused') return;
				jobs.setState(id, 'running');
				lastWorkAt[slotOf(kind)] = now();
				endWhenDone();
			}),
		cancel: (id) =>
			act(id, ({ state }) => {
				if (state === 'running' || state === 'paused') cancelJob(deps, id);
			}),
		cancelOn(slot) {
			const current = jobs.current(slot);
			if (current) cancelJob(deps, current.id);
		},
		moveToActive: () => jobs.moveToActive(),
		endWhenDone,
		addWork(slot) {
			const current = jobs.current(slot);
			const workedMs = now() - lastWorkAt[slot];
			lastWorkAt[slot] = now();
			if (current && workedMs > 0 && workedMs < longestBatchMs) jobs.addWork(current.id, workedMs);
		}
	};
};

const cancelJob = ({ jobs, queues, now }: IndexJobDeps, id: string): void => {
	jobs.end(id, 'cancelled', now());
	for (const slot of slots) queues[slot].dropJob(id);
};

const endDone = (jobs: IndexJobRepository, nowMs: number): void => {
	for (const slot of slots) {
		const current = jobs.current(slot);
		if (current?.state === 'running' && !jobs.hasWaiting(current.id, slot)) {
			jobs.end(current.id, 'done', nowMs);
		}
	}
};

const slots: readonly VectorSlot[] = ['active', 'next'];
const tooLarge = `A batch has at most ${largestBatch.toLocaleString('en')} passages.`;
const alreadyRuns = 'A job over the notes is already running.';

const enqueue = (
	{ queues, index, keyOf }: IndexJobDeps,
	{ kind, noteIds = [], batchSize }: JobOrder,
	jobId: string
): void => {
	if ((batchSize ?? 1) > largestBatch) throw new AppError('input-invalid', tooLarge);
	if (kind === 'new-model') {
		if (keyOf('next') === '') throw new AppError('input-invalid', 'No new model was chosen.');
		queues.next.addMissing({ jobId });
		return;
	}
	const queue = queues.active;
	if (kind === 'regenerate-all') queue.addAll(jobId);
	else if (kind === 'regenerate-failed') queue.takeFailed(jobId);
	else if (kind === 'regenerate-notes') queue.addNotes(noteIds, jobId);
	else {
		queue.addMissing({ jobId });
		queue.addChunks(index.problemChunks(), jobId);
	}
};

const mustFind = (jobs: IndexJobRepository, id: string): IndexJob => {
	const found = jobs.find(id);
	if (!found) throw new AppError('input-invalid', `There is no job with the id ${id}.`, { id });
	return found;
};
