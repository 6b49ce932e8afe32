import { toIndexJob } from '$lib/domain/index-rules';
import { slotOf, type IndexJob, type JobKind, type JobState } from '$lib/domain/indexing';
import type { VectorSlot } from '$lib/domain/vector-set';
import type { Database } from '$lib/db/sqlite/database';
import { queueTable, type QueueTable } from './index-queue-repository';

export interface NewJob {
	readonly id: string;
	readonly kind: JobKind;
	/** Version key of the model it is for. */
	readonly model: string;
	readonly nowMs: number;
	readonly whenIdle: boolean;
	readonly batchSize: number | null;
}

export interface IndexJobRepository {
	/** Total and skipped are counted from what was queued for it. */
	start(job: NewJob): void;
	find(id: string): IndexJob | undefined;
	/** Newest first. */
	list(): readonly IndexJob[];
	/** The one that is running or paused on this set of vectors. */
	current(slot: VectorSlot): CurrentJob | undefined;
	setState(id: string, state: 'running' | 'paused'): void;
	addWork(id: string, workedMs: number): void;
	hasWaiting(id: string, slot: VectorSlot): boolean;
	/** The next set became the active one: its job goes with it. */
	moveToActive(): void;
	/** Writes the last figures down. */
	end(id: string, state: 'done' | 'cancelled' | 'failed', nowMs: number): void;
}

export interface CurrentJob {
	readonly id: string;
	readonly state: JobState;
	readonly whenIdle: boolean;
	readonly batchSize: number | null;
}

interface JobRow {
	readonly id: string;
	readonly kind: JobKind;
	readonly slot: VectorSlot;
	readonly model_id: string;
	readonly state: JobState;
	readonly total: number;
	readonly skipped: number;
	readonly started_at: number;
	readonly finished_at: number | null;
	readonly worked_ms: number;
	readonly done: number;
	readonly failed: number;
	readonly when_idle: number;
	readonly batch_size: number | null;
}

interface LiveRow {
	readonly waiting: number;
	readonly failed: number;
	readonly unreadable: number;
}

export const createIndexJobRepository = (db: Database): IndexJobRepository => {
	const read = (row: JobRow): IndexJob =>
		row.finished_at === null ? readLive(db, row) : readEnded(row);
	const find = (id: string): IndexJob | undefined => {
		const row = db.get<JobRow>('SELECT * FROM index_jobs WHERE id = $id', { $id: id });
		return row && read(row);
	};
	return {
		start({ id, kind, model, nowMs, whenIdle, batchSize }) {
			const slot = slotOf(kind);
			const values = { $id: id, $kind: kind, $slot: slot, $model: model };
			const wishes = { $idle: whenIdle ? 1 : 0, $batch: batchSize };
			db.run(insertJob(queueTable[slot]), { ...values, ...wishes, $now: Math.round(nowMs) });
		},
		find,
		list: () =>
			db
				.all<JobRow>('SELECT * FROM index_jobs ORDER BY started_at DESC, rowid DESC LIMIT 50')
				.map(read),
		current(slot) {
			const row = db.get<Pick<JobRow, 'id' | 'state' | 'when_idle' | 'batch_size'>>(selectCurrent, {
				$slot: slot
			});
			return (
				row && {
					...{ id: row.id, state: row.state },
					...{ whenIdle: row.when_idle === 1, batchSize: row.batch_size }
				}
			);
		},
		setState: (id, state) =>
			void db.run('UPDATE index_jobs SET state = $state WHERE id = $id', {
				$id: id,
				$state: state
			}),
		addWork: (id, workedMs) =>
			void db.run('UPDATE index_jobs SET worked_ms = worked_ms + $worked WHERE id = $id', {
				$id: id,
				$worked: Math.round(workedMs)
			}),
		hasWaiting: (id, slot) => db.get(selectWaiting(queueTable[slot]), { $id: id }) !== undefined,
		moveToActive: () =>
			void db.run(`UPDATE index_jobs SET slot = 'active' WHERE slot = 'next'`, []),
		end(id, state, nowMs) {
			const job = find(id);
			if (!job) return;
			db.run(endJob, {
				$id: id,
				$state: state,
				$done: job.done,
				$failed: job.failed,
				$skipped: job.skipped,
				$now: Math.round(nowMs)
			});
		}
	};
};

const readEnded = (row: JobRow): IndexJob => ({
	id: row.id,
	kind: row.kind,
	model: row.model_id,
	state: row.state,
	done: row.done,
	total: row.total,
	failed: row.failed,
	skipped: row.skipped,
	ratePerSecond: row.worked_ms > 0 ? row.done / (row.worked_ms / 1000) : null,
	startedAtMs: row.started_at,
	finishedAtMs: row.finished_at,
	whenIdle: row.when_idle === 1,
	batchSize: row.batch_size
});

const readLive = (db: Database, row: JobRow): IndexJob => {
	const live = db.get<LiveRow>(countLive(queueTable[row.slot]), { $id: row.id });
	return toIndexJob({
		...row,
		model: row.model_id,
		skipped: row.skipped + (live?.unreadable ?? 0),
		startedAtMs: row.started_at,
		finishedAtMs: row.finished_at,
		workedMs: row.worked_ms,
		whenIdle: row.when_idle === 1,
		batchSize: row.batch_size,
		waitingNotes: live?.waiting ?? 0,
		failedNotes: live?.failed ?? 0
	});
};

const selectCurrent = `
	SELECT id, state, when_idle, batch_size FROM index_jobs
	WHERE state IN ('running', 'paused') AND slot = $slot`;

// A job over all notes also counts those that have nothing to read: the user sees every note in it.
const insertJob = (queue: QueueTable): string => `
	INSERT INTO index_jobs
		(id, kind, slot, model_id, state, started_at, when_idle, batch_size, skipped, total)
	SELECT $id, $kind, $slot, $model, 'running', $now, $idle, $batch, skipped, skipped + queued FROM (
		SELECT
			CASE WHEN $kind = 'regenerate-all' THEN (
				SELECT count(*) FROM notes n WHERE n.trashed_at IS NULL
				AND NOT EXISTS (SELECT 1 FROM chunks WHERE note_seq = n.seq)
			) ELSE 0 END AS skipped,
			(SELECT count(DISTINCT c.note_seq) FROM ${queue} q JOIN chunks c ON c.id = q.chunk_id
				WHERE q.job_id = $id) AS queued
	)`;

const countLive = (queue: QueueTable): string => `
	SELECT
		count(*) FILTER (WHERE waiting > 0) AS waiting,
		count(*) FILTER (WHERE waiting = 0 AND failed > 0) AS failed,
		count(*) FILTER (WHERE waiting = 0 AND failed = 0 AND unreadable = passages) AS unreadable
	FROM (
		SELECT
			count(*) FILTER (WHERE q.state = 'waiting') AS waiting,
			count(*) FILTER (WHERE q.state = 'failed') AS failed,
			count(*) FILTER (WHERE q.state = 'unreadable') AS unreadable,
			(SELECT count(*) FROM chunks WHERE note_seq = c.note_seq) AS passages
		FROM ${queue} q JOIN chunks c ON c.id = q.chunk_id
		WHERE q.job_id = $id GROUP BY c.note_seq
	)`;

const selectWaiting = (queue: QueueTable): string => `
	SELECT 1 AS found FROM ${queue} WHERE job_id = $id AND state = 'waiting' LIMIT 1`;

const endJob = `
	UPDATE index_jobs SET
		state = $state, done = $done, failed = $failed, skipped = $skipped, finished_at = $now
	WHERE id = $id`;
