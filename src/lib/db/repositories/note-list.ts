import type { IndexState, NoteListQuery, NotePage, NoteSort, NoteSummary } from '$lib/domain/note';
import { excerptOf, openingLength } from '$lib/domain/note-opening';
import type { Database } from '$lib/db/sqlite/database';
import { lacksVector } from './index-status';
import { toTags } from './note-row';

interface SummaryRow {
	readonly seq: number;
	readonly id: string;
	readonly title: string;
	readonly beginning: string;
	readonly tags: string;
	readonly path: string;
	readonly pinned: number;
	readonly created_at: number;
	readonly updated_at: number;
	readonly trashed_at: number | null;
	readonly index_state: IndexState;
}

export interface ListScope {
	/** Decides what counts as indexed. */
	readonly modelKey: string;
	/** Notes that are still to be cut into passages. */
	readonly uncut: ReadonlySet<number>;
	/** Passages whose vector cannot be compared. */
	readonly faulty: readonly number[];
}

/** One page of the list and how many there are in all. */
export const listNotes = (
	db: Database,
	query: NoteListQuery,
	{ modelKey, uncut, faulty }: ListScope
): NotePage => {
	const where = conditions(query);
	const tag: Record<string, string> = query.tag === undefined ? {} : { $tag: query.tag };
	const rows = db.all<SummaryRow>(selectPage(where, orderBy[query.sort]), {
		...tag,
		$model: modelKey,
		$faulty: JSON.stringify(faulty),
		$limit: Math.max(0, query.limit),
		$offset: Math.max(0, query.offset)
	});
	const total = db.get<{ total: number }>(`SELECT count(*) AS total FROM notes n ${where}`, tag);
	return { notes: rows.map((row) => toSummary(row, uncut)), total: total?.total ?? 0 };
};

// Each order is that of an index; `seq` is an index's own last column, so ties cost no sorting.
const orderBy: Readonly<Record<NoteSort, string>> = {
	updated: 'n.pinned DESC, n.updated_at DESC, n.seq',
	created: 'n.pinned DESC, n.created_at DESC, n.seq',
	title: 'n.pinned DESC, n.title COLLATE NOCASE, n.seq'
};

const conditions = (query: NoteListQuery): string =>
	[
		`WHERE n.trashed_at IS ${query.trash ? 'NOT NULL' : 'NULL'}`,
		...(query.pinnedOnly ? ['n.pinned = 1'] : []),
		...(query.tag === undefined
			? []
			: ['n.seq IN (SELECT note_seq FROM note_tags WHERE tag = $tag)'])
	].join(' AND ');

const selectPage = (where: string, order: string): string => `
	SELECT
		n.seq, n.id, n.title, substr(n.body, 1, ${openingLength}) AS beginning, n.tags, n.path, n.pinned,
		n.created_at, n.updated_at, n.trashed_at, ${indexState} AS index_state
	FROM notes n ${where} ORDER BY ${order} LIMIT $limit OFFSET $offset`;

const indexState = `
	(SELECT CASE
		WHEN count(*) = 0 THEN 'skipped'
		WHEN count(*) FILTER (WHERE q.state = 'failed') > 0 THEN 'failed'
		WHEN count(*) FILTER (WHERE q.state = 'unreadable') = count(*) THEN 'skipped'
		WHEN count(*) FILTER (WHERE ${lacksVector}) > 0 THEN 'pending'
		ELSE 'indexed' END
	FROM chunks c
	LEFT JOIN chunk_vectors v ON v.chunk_id = c.id AND v.model_id = $model
	LEFT JOIN index_queue q ON q.chunk_id = c.id
	WHERE c.note_seq = n.seq)`;

const toSummary = (row: SummaryRow, uncut: ReadonlySet<number>): NoteSummary => ({
	id: row.id,
	title: row.title,
	excerpt: excerptOf(row.title, row.beginning),
	tags: toTags(row.tags),
	path: row.path,
	pinned: row.pinned === 1,
	createdAtMs: row.created_at,
	updatedAtMs: row.updated_at,
	trashedAtMs: row.trashed_at,
	indexState: uncut.has(row.seq) ? 'pending' : row.index_state
});
