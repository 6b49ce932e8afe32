import { judgeNote, summariseIndex, type VectorProblem } from '$lib/domain/index-rules';
import type { EmbeddingStatus } from '$lib/domain/indexing';
import type { Coverage } from '$lib/domain/search';
import type { VectorSlot } from '$lib/domain/vector-set';
import type { Database } from '$lib/db/sqlite/database';
import { queueTable, type QueueTable } from './index-queue-repository';

interface StatusRow {
	readonly seq: number;
	readonly id: string;
	readonly title: string;
	readonly passages: number;
	readonly vectors: number;
	readonly other_model: number;
	readonly changed: number;
	readonly failed: number;
	readonly unreadable: number;
	readonly message: string | null;
}

export interface StatusScope {
	readonly modelKey: string;
	readonly slot: VectorSlot;
	/** Version key of the model that is to come, whose vectors are no reason to call a note stale. */
	readonly nextKey: string;
	/** One note, or null for all outside the trash. */
	readonly noteId: string | null;
	/** Notes with a stored vector that cannot be compared. */
	readonly problemBySeq: ReadonlyMap<number, VectorProblem>;
	/** Notes that are still to be cut into passages. */
	readonly uncut: ReadonlySet<number>;
}

export const readIndexStatus = (
	db: Database,
	{ modelKey, slot, nextKey, noteId, problemBySeq, uncut }: StatusScope
): EmbeddingStatus => {
	const rows = db.all<StatusRow>(selectStatus(queueTable[slot]), {
		$model: modelKey,
		$next: nextKey,
		$id: noteId
	});
	const notes = rows.map((row) => ({
		noteId: row.id,
		title: row.title,
		...judgeNote({
			...row,
			isUncut: uncut.has(row.seq),
			otherModel: row.other_model,
			problem: problemBySeq.get(row.seq) ?? null
		})
	}));
	return summariseIndex(modelKey, notes);
};

/** How much of the notebook a meaning search can see. */
export const readCoverage = (
	db: Database,
	modelKey: string,
	slot: VectorSlot = 'active'
): Coverage => {
	const row = db.get<{ indexable: number; lacking: number }>(countCoverage(queueTable[slot]), {
		$model: modelKey
	});
	const indexableNotes = row?.indexable ?? 0;
	return { indexableNotes, indexedNotes: indexableNotes - (row?.lacking ?? 0) };
};

const selectStatus = (queue: QueueTable): string => `
	SELECT
		n.seq, n.id, n.title,
		count(c.id) AS passages,
		count(v.chunk_id) AS vectors,
		count(*) FILTER (WHERE v.chunk_id IS NULL AND EXISTS (
			SELECT 1 FROM chunk_vectors o WHERE o.chunk_id = c.id AND o.model_id <> $next)) AS other_model,
		count(*) FILTER (WHERE v.chunk_id IS NULL AND q.reason = 'changed') AS changed,
		count(*) FILTER (WHERE q.state = 'failed') AS failed,
		count(*) FILTER (WHERE v.chunk_id IS NULL AND q.state = 'unreadable') AS unreadable,
		max(q.message) AS message
	FROM notes n
	LEFT JOIN chunks c ON c.note_seq = n.seq
	LEFT JOIN chunk_vectors v ON v.chunk_id = c.id AND v.model_id = $model
	LEFT JOIN ${queue} q ON q.chunk_id = c.id
	WHERE n.trashed_at IS NULL AND ($id IS NULL OR n.id = $id)
	GROUP BY n.seq ORDER BY n.seq`;

const countCoverage = (queue: QueueTable): string => `
	SELECT
		count(*) AS indexable,
		count(*) FILTER (WHERE lacking > 0) AS lacking
	FROM (
		SELECT
			count(*) FILTER (WHERE v.chunk_id IS NULL AND q.state IS NOT 'unreadable') AS lacking,
			count(*) FILTER (WHERE q.state = 'unreadable') AS unreadable,
			count(*) AS passages
		FROM notes n
		JOIN chunks c ON c.note_seq = n.seq
		LEFT JOIN chunk_vectors v ON v.chunk_id = c.id AND v.model_id = $model
		LEFT JOIN ${queue} q ON q.chunk_id = c.id
		WHERE n.trashed_at IS NULL
		GROUP BY n.seq
	) WHERE unreadable < passages`;
