import { passageText } from '$lib/domain/chunking';
import { afterStrike } from '$lib/domain/index-rules';
import type { VectorSlot } from '$lib/domain/vector-set';
import type { PendingPassage } from '$lib/protocol/index-queue-api';
import type { Database, SqlValue } from '$lib/db/sqlite/database';

/** One queue for each set of vectors. */
export type QueueTable = 'index_queue' | 'next_queue';

export const queueTable: Readonly<Record<VectorSlot, QueueTable>> = {
	active: 'index_queue',
	next: 'next_queue'
};

/** Which passages without a vector of the queue's model are meant; all when nothing is given. */
export interface MissingScope {
	readonly seq?: number;
	readonly jobId?: string;
}

export interface QueueCounts {
	readonly notes: number;
	readonly passages: number;
}

export interface IndexQueueRepository {
	/**
	 * Newest text first: a note just edited goes before what a job has queued. `ofEdits` leaves what
	 * only a job asked for where it is.
	 */
	claim(limit: number, ofEdits?: boolean): readonly PendingPassage[];
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
	/** Not what this model found nothing to read in: only another text or model makes that due. */
	addMissing(scope: MissingScope): void;
	/** Every passage, also those that have a vector, for one job. */
	addAll(jobId: string): void;
	/** Every passage of these notes, for one job. */
	addNotes(noteIds: readonly string[], jobId: string): void;
	/** These passages, because their vector is of no use. */
	addChunks(chunkIds: readonly number[], jobId: string | null): void;
	retryFailed(): number;
	/** What the model failed on waits once more, for this job. */
	takeFailed(jobId: string): void;
	/** For another model: forgets what the last one could not do, and what this one has done before. */
	startOver(): void;
	/** Nothing waits any more. */
	clear(): void;
	/** Takes over what waits in another queue, with its strikes and its job. */
	takeFrom(other: QueueTable): void;
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
	table: QueueTable,
	/** Version key of the model that the queue is for. */
	modelKey: () => string
): IndexQueueRepository => {
	const run = (sql: string, parameters: Record<string, SqlValue> = {}): number =>
		db.run(sql.replaceAll('{queue}', table), parameters);
	const get = <Row extends object>(
		sql: string,
		parameters: Record<string, SqlValue> = {}
	): Row | undefined => db.get<Row>(sql.replaceAll('{queue}', table), parameters);
	const access = { db, run, get, table };
	return {
		...reads(access),
		...verdicts(access),
		...additions(access, modelKey),
		clear: () => void run('DELETE FROM {queue}'),
		takeFrom: (other) => void run(`INSERT INTO {queue} SELECT * FROM ${other}`),
		remove: (chunkId) => void run('DELETE FROM {queue} WHERE chunk_id = $id', { $id: chunkId }),
		removeNote: (seq) => void run(deleteOfNote, { $seq: seq }),
		dropJob(jobId) {
			const job = { $job: jobId };
			run(`DELETE FROM {queue} WHERE job_id = $job AND reason IN ('missing', 'all')`, job);
			run('UPDATE {queue} SET job_id = NULL WHERE job_id = $job', job);
		}
	};
};

interface Access {
	readonly db: Database;
	readonly table: QueueTable;
	readonly run: (sql: string, parameters?: Record<string, SqlValue>) => number;
	readonly get: <Row extends object>(
		sql: string,
		parameters?: Record<string, SqlValue>
	) => Row | undefined;
}

const reads = ({
	db,
	get,
	table
}: Access): Pick<
	IndexQueueRepository,
	'claim' | 'isCurrent' | 'liveNoteOf' | 'hasWaiting' | 'isWaiting' | 'waiting'
> => ({
	claim: (limit, ofEdits = false) =>
		db.all<ClaimRow>(selectDue(table, ofEdits), { $limit: limit }).map((row) => ({
			chunkId: row.id,
			hash: row.hash,
			text: passageText(row.title, row.body, { start: row.start_offset, end: row.end_offset })
		})),
	isCurrent: (chunkId, hash) =>
		get<{ hash: string }>('SELECT hash FROM chunks WHERE id = $id', { $id: chunkId })?.hash ===
		hash,
	liveNoteOf: (chunkId) => get<{ seq: number }>(selectLiveNote, { $id: chunkId })?.seq ?? null,
	hasWaiting: (seq) => get(selectWaitingOf, { $seq: seq }) !== undefined,
	isWaiting: () =>
		get(`SELECT 1 AS found FROM {queue} WHERE state = 'waiting' LIMIT 1`) !== undefined,
	waiting: () => get<QueueCounts>(countWaiting) ?? { notes: 0, passages: 0 }
});

const verdicts = ({
	run,
	get
}: Access): Pick<
	IndexQueueRepository,
	'strike' | 'markUnreadable' | 'retryFailed' | 'takeFailed'
> => ({
	strike(chunkId, message) {
		const attempts =
			get<{ attempts: number }>('SELECT attempts FROM {queue} WHERE chunk_id = $id', {
				$id: chunkId
			})?.attempts ?? 0;
		const next = afterStrike(attempts);
		run(
			'UPDATE {queue} SET attempts = $attempts, state = $state, message = $message WHERE chunk_id = $id',
			{ $id: chunkId, $attempts: next.attempts, $state: next.state, $message: message }
		);
	},
	markUnreadable: (chunkId, message) =>
		void run(`UPDATE {queue} SET state = 'unreadable', message = $message WHERE chunk_id = $id`, {
			$id: chunkId,
			$message: message
		}),
	retryFailed: () => run(`UPDATE {queue} SET ${waitAnew} WHERE state = 'failed'`),
	takeFailed: (jobId) =>
		void run(`UPDATE {queue} SET ${waitAnew}, job_id = $job WHERE state = 'failed'`, {
			$job: jobId
		})
});

const additions = (
	{ run }: Access,
	modelKey: () => string
): Pick<
	IndexQueueRepository,
	'addMissing' | 'addAll' | 'addNotes' | 'addChunks' | 'startOver'
> => ({
	startOver: () => void run(deleteSettled, { $model: modelKey() }),
	addMissing: ({ seq, jobId }) =>
		void run(insertMissing, { $model: modelKey(), $seq: seq ?? null, $job: jobId ?? null }),
	addAll: (jobId) => void run(insertAll, { $job: jobId }),
	addNotes: (noteIds, jobId) =>
		void run(insertNotes, { $ids: JSON.stringify(noteIds), $job: jobId }),
	addChunks: (chunkIds, jobId) =>
		void run(insertChunks, { $ids: JSON.stringify(chunkIds), $job: jobId })
});

const waitAnew = `state = 'waiting', attempts = 0, message = NULL`;

// A job takes over what an edit has queued, but that waits for no job.
const notOfJob = `AND (q.job_id IS NULL OR q.reason IN ('new', 'changed'))`;

// Chunk ids only grow, so walking them backwards is "newest text first" without sorting.
const selectDue = (queue: QueueTable, ofEdits: boolean): string => `
	SELECT c.id, c.hash, n.title, n.body, c.start_offset, c.end_offset FROM ${queue} q
	CROSS JOIN chunks c ON c.id = q.chunk_id
	CROSS JOIN notes n ON n.seq = c.note_seq
	WHERE +q.state = 'waiting' AND n.trashed_at IS NULL ${ofEdits ? notOfJob : ''}
	ORDER BY q.chunk_id DESC LIMIT $limit`;

const selectLiveNote = `
	SELECT n.seq FROM chunks c JOIN notes n ON n.seq = c.note_seq
	WHERE c.id = $id AND n.trashed_at IS NULL`;

const deleteOfNote = `
	DELETE FROM {queue} WHERE chunk_id IN (SELECT id FROM chunks WHERE note_seq = $seq)`;

const selectWaitingOf = `
	SELECT 1 AS found FROM chunks c JOIN {queue} q ON q.chunk_id = c.id
	WHERE c.note_seq = $seq AND q.state = 'waiting' LIMIT 1`;

const countWaiting = `
	SELECT count(*) AS passages, count(DISTINCT c.note_seq) AS notes
	FROM {queue} q JOIN chunks c ON c.id = q.chunk_id WHERE q.state = 'waiting'`;

const deleteSettled = `
	DELETE FROM {queue} WHERE state <> 'waiting' OR (reason <> 'all' AND EXISTS (
		SELECT 1 FROM chunk_vectors v
		WHERE v.chunk_id = {queue}.chunk_id AND v.model_id = $model
	))`;

const intoJob = `
	ON CONFLICT (chunk_id) DO UPDATE SET
		job_id = excluded.job_id, ${waitAnew}
	WHERE excluded.job_id IS NOT NULL`;

const insertMissing = `
	INSERT INTO {queue} (chunk_id, reason, job_id)
	SELECT c.id, 'missing', $job FROM chunks c JOIN notes n ON n.seq = c.note_seq
	WHERE n.trashed_at IS NULL AND ($seq IS NULL OR c.note_seq = $seq)
		AND NOT EXISTS (SELECT 1 FROM chunk_vectors WHERE chunk_id = c.id AND model_id = $model)
		AND NOT EXISTS (SELECT 1 FROM {queue} WHERE chunk_id = c.id AND state = 'unreadable')
	${intoJob}`;

const insertAll = `
	INSERT INTO {queue} (chunk_id, reason, job_id)
	SELECT c.id, 'all', $job FROM chunks c JOIN notes n ON n.seq = c.note_seq
	WHERE n.trashed_at IS NULL
	${intoJob}`;

const insertNotes = `
	INSERT INTO {queue} (chunk_id, reason, job_id)
	SELECT c.id, 'all', $job FROM json_each($ids) JOIN notes n ON n.id = value AND n.trashed_at IS NULL
	JOIN chunks c ON c.note_seq = n.seq
	WHERE true
	${intoJob}`;

const insertChunks = `
	INSERT INTO {queue} (chunk_id, reason, job_id)
	SELECT c.id, 'missing', $job FROM json_each($ids) JOIN chunks c ON c.id = value
	JOIN notes n ON n.seq = c.note_seq AND n.trashed_at IS NULL
	WHERE true
	${intoJob}`;
