import { passageText } from '$lib/domain/chunking';
import { afterStrike } from '$lib/domain/index-rules';
import type { PendingPassage } from '$lib/protocol/index-queue-api';
import type { Database } from '$lib/db/sqlite/database';

/** Which passages without a vector of the active model are meant; all when nothing is given. */
export interface MissingScope {
	readonly seq?: number;
	readonly jobId?: string;
}

export interface QueueCounts {
	readonly notes: number;
	readonly passages: number;
}

export interface IndexQueueRepository {
	/** Newest text first: a note just edited goes before what a job has queued. */
	claim(limit: number): readonly PendingPassage[];
	/** Whether this passage still has this text. */
	isCurrent(chunkId: number, hash: string): boolean;
	/** The note of the passage, unless it is in the trash. */
	liveNoteOf(chunkId: number): number | null;
	hasWaiting(seq: number): boolean;
	/** Whether anything waits at all. */
	isWaiting(): boolean;
	remove(chunkId: number): void;
	removeNote(seq: number): void;
	strike(chunkId: number, message: string): void;
	markUnreadable(chunkId: number, message: string): void;
	addMissing(scope: MissingScope): void;
	/** Every passage, also those that have a vector, for one job. */
	addAll(jobId: string): void;
	/** These passages, because their vector is of no use. */
	addChunks(chunkIds: readonly number[], jobId: string | null): void;
	retryFailed(): number;
	/** For another model: forgets what the last one could not do, and what this one has done before. */
	startOver(): void;
	/** Edits that a cancelled job had taken over stay queued; the rest of it goes. */
	dropJob(jobId: string): void;
	waiting(): QueueCounts;
}

interface ClaimRow {
	readonly id: number;
	readonly hash: string;
	readonly title: string;
	readonly body: string;
	readonly start_offset: number;
	readonly end_offset: number;
}

export const createIndexQueueRepository = (
	db: Database,
	activeKey: () => string
): IndexQueueRepository => ({
	...reads(db),
	...verdicts(db),
	...additions(db, activeKey),
	remove: (chunkId) =>
		void db.run('DELETE FROM index_queue WHERE chunk_id = $id', { $id: chunkId }),
	removeNote: (seq) =>
		void db.run(
			'DELETE FROM index_queue WHERE chunk_id IN (SELECT id FROM chunks WHERE note_seq = $seq)',
			{ $seq: seq }
		),
	dropJob(jobId) {
		const job = { $job: jobId };
		db.run(`DELETE FROM index_queue WHERE job_id = $job AND reason IN ('missing', 'all')`, job);
		db.run('UPDATE index_queue SET job_id = NULL WHERE job_id = $job', job);
	}
});

const reads = (
	db: Database
): Pick<
	IndexQueueRepository,
	'claim' | 'isCurrent' | 'liveNoteOf' | 'hasWaiting' | 'isWaiting' | 'waiting'
> => ({
	claim: (limit) =>
		db.all<ClaimRow>(selectDue, { $limit: limit }).map((row) => ({
			chunkId: row.id,
			hash: row.hash,
			text: passageText(row.title, row.body, { start: row.start_offset, end: row.end_offset })
		})),
	isCurrent: (chunkId, hash) =>
		db.get<{ hash: string }>('SELECT hash FROM chunks WHERE id = $id', { $id: chunkId })?.hash ===
		hash,
	liveNoteOf: (chunkId) => db.get<{ seq: number }>(selectLiveNote, { $id: chunkId })?.seq ?? null,
	hasWaiting: (seq) => db.get(selectWaitingOf, { $seq: seq }) !== undefined,
	isWaiting: () =>
		db.get(`SELECT 1 AS found FROM index_queue WHERE state = 'waiting' LIMIT 1`) !== undefined,
	waiting: () => db.get<QueueCounts>(countWaiting) ?? { notes: 0, passages: 0 }
});

const verdicts = (
	db: Database
): Pick<IndexQueueRepository, 'strike' | 'markUnreadable' | 'retryFailed'> => ({
	strike(chunkId, message) {
		const attempts =
			db.get<{ attempts: number }>('SELECT attempts FROM index_queue WHERE chunk_id = $id', {
				$id: chunkId
			})?.attempts ?? 0;
		const next = afterStrike(attempts);
		db.run(
			'UPDATE index_queue SET attempts = $attempts, state = $state, message = $message WHERE chunk_id = $id',
			{ $id: chunkId, $attempts: next.attempts, $state: next.state, $message: message }
		);
	},
	markUnreadable: (chunkId, message) =>
		void db.run(
			`UPDATE index_queue SET state = 'unreadable', message = $message WHERE chunk_id = $id`,
			{ $id: chunkId, $message: message }
		),
	retryFailed: () =>
		db.run(
			`UPDATE index_queue SET state = 'waiting', attempts = 0, message = NULL WHERE state = 'failed'`,
			[]
		)
});

const additions = (
	db: Database,
	activeKey: () => string
): Pick<IndexQueueRepository, 'addMissing' | 'addAll' | 'addChunks' | 'startOver'> => ({
	startOver: () => void db.run(deleteSettled, { $model: activeKey() }),
	addMissing: ({ seq, jobId }) =>
		void db.run(insertMissing, {
			$model: activeKey(),
			$seq: seq ?? null,
			$job: jobId ?? null
		}),
	addAll: (jobId) => void db.run(insertAll, { $job: jobId }),
	addChunks: (chunkIds, jobId) =>
		void db.run(insertChunks, { $ids: JSON.stringify(chunkIds), $job: jobId })
});

// Chunk ids only grow, so walking them backwards is "newest text first" without sorting.
const selectDue = `
	SELECT c.id, c.hash, n.title, n.body, c.start_offset, c.end_offset FROM index_queue q
	CROSS JOIN chunks c ON c.id = q.chunk_id
	CROSS JOIN notes n ON n.seq = c.note_seq
	WHERE +q.state = 'waiting' AND n.trashed_at IS NULL
	ORDER BY q.chunk_id DESC LIMIT $limit`;

const selectLiveNote = `
	SELECT n.seq FROM chunks c JOIN notes n ON n.seq = c.note_seq
	WHERE c.id = $id AND n.trashed_at IS NULL`;

const selectWaitingOf = `
	SELECT 1 AS found FROM chunks c JOIN index_queue q ON q.chunk_id = c.id
	WHERE c.note_seq = $seq AND q.state = 'waiting' LIMIT 1`;

const countWaiting = `
	SELECT count(*) AS passages, count(DISTINCT c.note_seq) AS notes
	FROM index_queue q JOIN chunks c ON c.id = q.chunk_id WHERE q.state = 'waiting'`;

const deleteSettled = `
	DELETE FROM index_queue WHERE state <> 'waiting' OR (reason <> 'all' AND EXISTS (
		SELECT 1 FROM chunk_vectors v
		WHERE v.chunk_id = index_queue.chunk_id AND v.model_id = $model
	))`;

const intoJob = `
	ON CONFLICT (chunk_id) DO UPDATE SET
		job_id = excluded.job_id, state = 'waiting', attempts = 0, message = NULL
	WHERE excluded.job_id IS NOT NULL`;

const insertMissing = `
	INSERT INTO index_queue (chunk_id, reason, job_id)
	SELECT c.id, 'missing', $job FROM chunks c JOIN notes n ON n.seq = c.note_seq
	WHERE n.trashed_at IS NULL AND ($seq IS NULL OR c.note_seq = $seq)
		AND NOT EXISTS (SELECT 1 FROM chunk_vectors WHERE chunk_id = c.id AND model_id = $model)
	${intoJob}`;

const insertAll = `
	INSERT INTO index_queue (chunk_id, reason, job_id)
	SELECT c.id, 'all', $job FROM chunks c JOIN notes n ON n.seq = c.note_seq
	WHERE n.trashed_at IS NULL
	${intoJob}`;

const insertChunks = `
	INSERT INTO index_queue (chunk_id, reason, job_id)
	SELECT c.id, 'missing', $job FROM json_each($ids) JOIN chunks c ON c.id = value
	JOIN notes n ON n.seq = c.note_seq AND n.trashed_at IS NULL
	WHERE true
	${intoJob}`;
