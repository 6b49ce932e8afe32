import type { Passage } from '$lib/domain/chunking';
import type { SnippetPart } from '$lib/domain/search';
import {
	markEnd,
	markStart,
	snippetAround,
	snippetOfMarked,
	snippetOfPassage
} from '$lib/domain/snippet';
import { toTags } from '$lib/db/repositories/note-row';
import type { Database } from '$lib/db/sqlite/database';

export interface HitNote {
	readonly noteId: string;
	readonly title: string;
	readonly tags: readonly string[];
	readonly updatedAtMs: number;
}

/** What of a note is shown: the words found in it, else the passage nearest in meaning. */
export interface SnippetSource {
	readonly seq: number;
	/** FTS5 expression, when words found the note. */
	readonly expression: string | null;
	readonly pieces: readonly string[];
	readonly chunkId: number | null;
}

export const readHitNote = (db: Database, seq: number): HitNote | undefined => {
	const row = db.get<{ id: string; title: string; tags: string; updated_at: number }>(
		'SELECT id, title, tags, updated_at FROM notes WHERE seq = $seq',
		{ $seq: seq }
	);
	return (
		row && {
			noteId: row.id,
			title: row.title,
			tags: toTags(row.tags),
			updatedAtMs: row.updated_at
		}
	);
};

export const readSnippet = (db: Database, source: SnippetSource): readonly SnippetPart[] => {
	const found =
		source.expression === null ? [] : readWordSnippet(db, source.seq, source.expression);
	if (found.some(({ mark }) => mark)) return found;
	const body = readBody(db, source.seq);
	if (source.pieces.some((piece) => body.includes(piece)))
		return snippetAround(body, source.pieces);
	return snippetOfPassage(passageOf(db, body, source.chunkId));
};

const readWordSnippet = (db: Database, seq: number, expression: string): readonly SnippetPart[] => {
	const row = db.get<{ marked: string }>(selectSnippet, { $match: expression, $seq: seq });
	return row ? snippetOfMarked(row.marked) : [];
};

const readBody = (db: Database, seq: number): string =>
	db.get<{ body: string }>('SELECT body FROM notes WHERE seq = $seq', { $seq: seq })?.body ?? '';

const beginningLength = 500;

const passageOf = (db: Database, body: string, chunkId: number | null): string => {
	const passage =
		chunkId === null
			? undefined
			: db.get<Passage>(
					'SELECT start_offset AS start, end_offset AS end FROM chunks WHERE id = $id',
					{ $id: chunkId }
				);
	return passage ? body.slice(passage.start, passage.end) : body.slice(0, beginningLength);
};

const bodyColumn = 1;
const wordsShown = 32;

const selectSnippet = `
	SELECT snippet(notes_fts, ${bodyColumn}, '${markStart}', '${markEnd}', '…', ${wordsShown}) AS marked
	FROM notes_fts WHERE notes_fts MATCH $match AND rowid = $seq`;
