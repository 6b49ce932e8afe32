import type { Note } from '$lib/domain/note';
import type { Breathe } from '$lib/shared/pacer';
import type { Database } from '$lib/db/sqlite/database';

export interface NoteRow {
	readonly seq: number;
	readonly id: string;
	readonly title: string;
	readonly body: string;
	readonly tags: string;
	readonly path: string;
	readonly pinned: number;
	readonly created_at: number;
	readonly updated_at: number;
	readonly trashed_at: number | null;
	readonly content_hash: string;
}

/** Null when the tags cannot be read, which only damage does. */
export const rowToNote = (row: NoteRow): Note | null => {
	const tags = parseTags(row.tags);
	return (
		tags && {
			id: row.id,
			title: row.title,
			body: row.body,
			tags,
			path: row.path,
			pinned: row.pinned === 1,
			createdAtMs: row.created_at,
			updatedAtMs: row.updated_at,
			trashedAtMs: row.trashed_at
		}
	);
};

const parseTags = (json: string): string[] | null => {
	try {
		const value: unknown = JSON.parse(json);
		const isList = Array.isArray(value) && value.every((tag) => typeof tag === 'string');
		return isList ? (value as string[]) : null;
	} catch {
		return null;
	}
};

const rowsPerBatch = 100;

/** Every note, a batch at a time, so that the thread can answer others in between. */
export const visitNotes = (
	database: Database,
	breathe: Breathe,
	visit: (rows: readonly NoteRow[]) => void | Promise<void>
): Promise<number> => visitBatches<NoteRow>(database, { columns: noteColumns, breathe, visit });

const noteColumns = `
	seq, id, title, body, tags, path, pinned, created_at, updated_at, trashed_at, content_hash`;

export interface HashedRow {
	readonly seq: number;
	readonly id: string;
	/** What `noteBytes` gives for it, put together by SQLite; something else where the row is unusual. */
	readonly bytes: Uint8Array;
	readonly content_hash: string;
}

/** The same for those who only want to hash them: no text is decoded to be encoded again. */
export const visitHashed = (
	database: Database,
	breathe: Breathe,
	visit: (rows: readonly HashedRow[]) => void | Promise<void>
): Promise<number> => visitBatches<HashedRow>(database, { columns: hashedColumns, breathe, visit });

/** SQLite writes JSON as JavaScript does, but throws for bytes in a column, which only damage puts there. */
const hashedColumns = `
	seq, id, content_hash, CAST(CASE
		WHEN 'blob' NOT IN (typeof(id), typeof(title), typeof(body), typeof(tags), typeof(path),
				typeof(created_at), typeof(updated_at), typeof(trashed_at))
			AND json_valid(tags) AND json_type(tags) = 'array'
			AND NOT EXISTS (SELECT 1 FROM json_each(tags) WHERE type <> 'text')
		THEN json_array(id, title, body, json(tags), path, json(iif(pinned = 1, 'true', 'false')),
			created_at, updated_at, trashed_at)
		ELSE '' END AS BLOB) AS bytes`;

interface Visiting<Row> {
	readonly columns: string;
	readonly breathe: Breathe;
	readonly visit: (rows: readonly Row[]) => void | Promise<void>;
}

const visitBatches = async <Row extends { readonly seq: number }>(
	database: Database,
	{ columns, breathe, visit }: Visiting<Row>
): Promise<number> => {
	let visited = 0;
	for (let after = Number.MIN_SAFE_INTEGER; ;) {
		const rows = database.all<Row>(
			`SELECT ${columns} FROM notes WHERE seq > $after ORDER BY seq LIMIT ${rowsPerBatch}`,
			{ $after: after }
		);
		await visit(rows);
		visited += rows.length;
		const last = rows.at(-1);
		if (!last) return visited;
		after = last.seq;
		await breathe();
	}
};
