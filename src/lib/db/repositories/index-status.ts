import { judgeNote, summariseIndex, type VectorProblem } from '$lib/domain/index-rules';
import type { EmbeddingStatus } from '$lib/domain/indexing';
import { whyUnread, type UnreadReason } from '$lib/domain/reading-limits';
import type { Coverage } from '$lib/domain/search';
import type { VectorSlot } from '$lib/domain/vector-set';
import type { Database } from '$lib/db/sqlite/database';
import { queueTable, type QueueTable } from './index-queue-repository';
import { toTags } from './note-row';
import { lengthColumns, lengthOf, type TextLength } from './text-length';

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
	readonly excludedTags: ReadonlySet<string>;
}

export const readIndexStatus = (db: Database, scope: StatusScope): EmbeddingStatus => {
	const { modelKey, slot, nextKey, noteId, problemBySeq, uncut } = scope;
	const rows = db.all<StatusRow>(selectStatus(queueTable[slot], whichNotes(noteId)), {
		$model: modelKey,
		$next: nextKey,
		...ofNote(noteId)
	});
	const unreadBySeq = readUnread(db, scope);
	const notes = rows.map((row) => ({
		noteId: row.id,
		title: row.title,
		unreadable: row.unreadable,
		...judgeNote({
			...row,
			isUncut: uncut.has(row.seq),
			unread: unreadBySeq.get(row.seq) ?? null,
			otherModel: row.other_model,
			problem: problemBySeq.get(row.seq) ?? null
		})
	}));
	return summariseIndex(modelKey, notes);
};

/** Of a passage `c` with its vector `v` and its place `q` in the queue; `$faulty` lists passages as JSON. */
export const lacksVector = `
	(v.chunk_id IS NULL OR c.id IN (SELECT value FROM json_each($faulty)))
	AND q.state IS NOT 'unreadable'`;

/** How much of the notebook a meaning search can see. */
export const readCoverage = (
	db: Database,
	modelKey: string,
	slot: VectorSlot = 'active',
	/** Passages whose vector cannot be compared: as good as none. */
	faulty: readonly number[] = []
): Coverage => {
	const row = db.get<{ indexable: number; lacking: number }>(countCoverage(queueTable[slot]), {
		$model: modelKey,
		$faulty: JSON.stringify(faulty)
	});
	const indexableNotes = row?.indexable ?? 0;
	return { indexableNotes, indexedNotes: indexableNotes - (row?.lacking ?? 0) };
};

/** Of the notes without passages those that have something to read. */
const readUnread = (
	db: Database,
	{ noteId, excludedTags }: StatusScope
): ReadonlyMap<number, UnreadReason> => {
	const rows = db.all<TextLength & { seq: number; tags: string }>(
		selectWithoutPassages(whichNotes(noteId)),
		ofNote(noteId)
	);
	return new Map(
		rows.flatMap(({ seq, tags, ...text }) => {
			const why = whyUnread({ length: lengthOf(text), tags: toTags(tags) }, excludedTags);
			return why ? [[seq, why]] : [];
		})
	);
};

const ofNote = (noteId: string | null): Record<string, string> =>
	noteId === null ? {} : { $id: noteId };

const whichNotes = (noteId: string | null): string =>
	noteId === null ? 'n.trashed_at IS NULL' : 'n.trashed_at IS NULL AND n.id = $id';

const selectWithoutPassages = (which: string): string => `
	SELECT n.seq, ${lengthColumns}, n.tags FROM notes n
	WHERE ${which} AND (n.title <> '' OR n.body <> '') AND NOT EXISTS (SELECT 1 FROM chunks WHERE note_seq = n.seq)`;

const selectStatus = (queue: QueueTable, which: string): string => `
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
	WHERE ${which}
	GROUP BY n.seq ORDER BY n.seq`;

const countCoverage = (queue: QueueTable): string => `
	SELECT
		count(*) AS indexable,
		count(*) FILTER (WHERE lacking > 0) AS lacking
	FROM (
		SELECT
			count(*) FILTER (WHERE ${lacksVector}) AS lacking,
			count(*) FILTER (WHERE q.state = 'unreadable') AS unreadable,
			count(*) AS passages
		FROM notes n
		JOIN chunks c ON c.note_seq = n.seq
		LEFT JOIN chunk_vectors v ON v.chunk_id = c.id AND v.model_id = $model
		LEFT JOIN ${queue} q ON q.chunk_id = c.id
		WHERE n.trashed_at IS NULL
		GROUP BY n.seq
	) WHERE unreadable < passages`;
