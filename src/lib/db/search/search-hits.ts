import type { Passage } from '$lib/domain/chunking';
import { textStart } from '$lib/domain/note-opening';
import type { SnippetPart } from '$lib/domain/search';
import {
	markEnd,
	markPieces,
	markStart,
	snippetOfFound,
	snippetOfPassage
} from '$lib/domain/snippet';
import { toTags } from '$lib/db/repositories/note-row';
import type { Database } from '$lib/db/sqlite/database';

export interface HitNote {
	readonly noteId: string;
	readonly title: string;
	readonly tags: readonly string[];
	readonly path: string;
	readonly updatedAtMs: number;
}

/** What of a note is shown: the words found in it, else the passage nearest in meaning. */
export interface SnippetSource {
	readonly seq: number;
	readonly title: string;
	/** FTS5 expression, when words found the note. */
	readonly expression: string | null;
	readonly pieces: readonly string[];
	readonly chunkId: number | null;
}

export const readHitNote = (db: Database, seq: number): HitNote | undefined => {
	const row = db.get<HitRow>(
		'SELECT id, title, tags, path, updated_at FROM notes WHERE seq = $seq',
		{ $seq: seq }
	);
	return (
		row && {
			noteId: row.id,
			title: row.title,
			tags: toTags(row.tags),
			path: row.path,
			updatedAtMs: row.updated_at
		}
	);
};

interface HitRow {
	readonly id: string;
	readonly title: string;
	readonly tags: string;
	readonly path: string;
	readonly updated_at: number;
}

export const readSnippet = (db: Database, source: SnippetSource): readonly SnippetPart[] => {
	const { seq, title, expression, pieces, chunkId } = source;
	const found = expression === null ? [] : snippetOfFound(title, readMarked(db, seq, expression));
	if (found.length > 0) return found;
	const body = readBody(db, seq);
	const byPieces = pieces.length === 0 ? [] : snippetOfFound(title, markPieces(body, pieces));
	if (byPieces.length > 0) return byPieces;
	return snippetOfPassage(passageOf(db, { title, body, chunkId }));
};

const readMarked = (db: Database, seq: number, expression: string): string =>
	db.get<{ marked: string }>(selectMarked, { $match: expression, $seq: seq })?.marked ?? '';

const readBody = (db: Database, seq: number): string =>
	db.get<{ body: string }>('SELECT body FROM notes WHERE seq = $seq', { $seq: seq })?.body ?? '';

const beginningLength = 500;

interface PassageSource {
	readonly title: string;
	readonly body: string;
	readonly chunkId: number | null;
}

/** The first passage also holds what `textStart` leaves out: that much of it is not shown. */
const passageOf = (db: Database, { title, body, chunkId }: PassageSource): string => {
	const begin = textStart(title, body);
	const passage = chunkId === null ? undefined : db.get<Passage>(selectPassage, { $id: chunkId });
	const text = passage ? body.slice(Math.max(passage.start, begin), passage.end).trim() : '';
	return text === '' ? body.slice(begin, begin + beginningLength) : text;
};

const selectPassage = 'SELECT start_offset AS start, end_offset AS end FROM chunks WHERE id = $id';

const bodyColumn = 1;

const selectMarked = `
	SELECT highlight(notes_fts, ${bodyColumn}, '${markStart}', '${markEnd}') AS marked
	FROM notes_fts WHERE notes_fts MATCH $match AND rowid = $seq`;
