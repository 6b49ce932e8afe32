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
export const visitNotes = async (
	database: Database,
	breathe: Breathe,
	visit: (rows: readonly NoteRow[]) => void | Promise<void>
): Promise<number> => {
	let visited = 0;
	for (let after = Number.MIN_SAFE_INTEGER; ;) {
		const rows = database.all<NoteRow>(
			`SELECT seq, id, title, body, tags, path, pinned, created_at, updated_at, trashed_at,
				content_hash
			FROM notes WHERE seq > $after ORDER BY seq LIMIT ${rowsPerBatch}`,
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
