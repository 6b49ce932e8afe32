import type { IndexJob, JobKind } from '$lib/domain/indexing';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { IndexJobRepository } from './repositories/index-job-repository';
import type { IndexQueueRepository } from './repositories/index-queue-repository';
import type { VectorIndex } from './search/vector-index';
import type { Database } from './sqlite/database';

/** Jobs over many notes: one at a time, kept in the notebook, so that a reload does not end them. */
export interface IndexJobs {
	/** Rejects with `busy` while another one is running or paused. */
	start(kind: JobKind): IndexJob;
	list(): readonly IndexJob[];
	pause(id: string): IndexJob;
	resume(id: string): IndexJob;
	/** What is done stays; the rest is not embedded by this job any more. */
	cancel(id: string): IndexJob;
	isPaused(): boolean;
	/** Call in the transaction that settled a passage. */
	endWhenDone(): void;
	/** Counts the time since the last call as worked, unless it was a long wait. */
	addWork(): void;
}

export interface IndexJobDeps {
	readonly db: Database;
	readonly jobs: IndexJobRepository;
	readonly queue: IndexQueueRepository;
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
	const { db, jobs, queue, index, now, newId, changed, prepare } = deps;
	let lastWorkAt = now();

	const act = (id: string, work: (job: IndexJob) => void): IndexJob => {
		db.transaction(() => work(mustFind(jobs, id)));
		changed();
		return mustFind(jobs, id);
	};

	const endWhenDone = (): void => {
		const current = jobs.current();
		if (current?.state === 'running' && !jobs.hasWaiting(current.id)) {
			jobs.end(current.id, 'done', now());
		}
	};

	return {
		start(kind) {
			const id = newId();
			db.transaction(() => {
				if (jobs.current()) throw new AppError('busy', 'A job over the notes is already running.');
				prepare();
				if (kind === 'regenerate-all') queue.addAll(id);
				else {
					queue.addMissing({ jobId: id });
					queue.addChunks(index.problemChunks(), id);
				}
				jobs.start(id, kind, now());
				endWhenDone();
			});
			lastWorkAt = now();
			changed();
			return mustFind(jobs, id);
		},
		list: () => jobs.list(),
		pause: (id) =>
			act(id, ({ state }) => {
				if (state === 'running') jobs.setState(id, 'paused');
			}),
		resume: (id) =>
			act(id, ({ state }) => {
				if (state !== 'paused') return;
				jobs.setState(id, 'running');
				lastWorkAt = now();
				endWhenDone();
			}),
		cancel: (id) =>
			act(id, ({ state }) => {
				if (state !== 'running' && state !== 'paused') return;
				jobs.end(id, 'cancelled', now());
				queue.dropJob(id);
			}),
		isPaused: () => jobs.current()?.state === 'paused',
		endWhenDone,
		addWork() {
			const current = jobs.current();
			const workedMs = now() - lastWorkAt;
			lastWorkAt = now();
			if (current && workedMs > 0 && workedMs < longestBatchMs) jobs.addWork(current.id, workedMs);
		}
	};
};

const mustFind = (jobs: IndexJobRepository, id: string): IndexJob => {
	const found = jobs.find(id);
	if (!found) throw new AppError('input-invalid', `There is no job with the id ${id}.`, { id });
	return found;
};
