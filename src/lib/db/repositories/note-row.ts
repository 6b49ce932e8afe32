import type { Note } from '$lib/domain/note';

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
}

export const noteColumns =
	'seq, id, title, body, tags, path, pinned, created_at, updated_at, trashed_at';

export const toNote = (row: NoteRow): Note => ({
	id: row.id,
	title: row.title,
	body: row.body,
	tags: toTags(row.tags),
	path: row.path,
	pinned: row.pinned === 1,
	createdAtMs: row.created_at,
	updatedAtMs: row.updated_at,
	trashedAtMs: row.trashed_at
});

export const toTags = (json: string): readonly string[] => JSON.parse(json) as string[];
