import { chunkerVersion, chunkNote, type HashedPassage } from '$lib/domain/chunking';
import type { Note } from '$lib/domain/note';
import type { Database } from '$lib/db/sqlite/database';
import { whyUnread } from '$lib/domain/reading-limits';
import type { QueueTable } from './index-queue-repository';
import { toTags } from './note-row';
import { lengthColumns, lengthOf, type TextLength } from './text-length';

interface ChunkRow {
	readonly id: number;
	readonly ordinal: number;
	readonly start_offset: number;
	readonly end_offset: number;
	readonly chunker: number;
	readonly hash: string;
}

export interface ChunkRepository {
	/**
	 * Cuts the note anew. A passage with the same text keeps its row and its vectors; a new one is
	 * queued, unless the note is in the trash. Returns the rows that went.
	 */
	replace(seq: number, note: Note): readonly number[];
	/** For a note that has no passages yet. */
	insertFirst(seq: number, note: Note): void;
	/** Row numbers of notes that an older version of the chunker cut. */
	outdatedNotes(currentVersion: number): readonly number[];
	/** Row numbers of notes that have a text but no passages. */
	uncutNotes(): readonly number[];
	/** Row numbers of notes that have passages although a tag leaves them out. */
	unwantedNotes(): readonly number[];
}

export interface ChunkRules {
	/** Those that new passages go into. */
	readonly queues: () => readonly QueueTable[];
	/** Notes with one of these have no passages. By `tagKey`. */
	readonly excludedTags: () => ReadonlySet<string>;
}

export const createChunkRepository = (
	db: Database,
	{ queues, excludedTags }: ChunkRules
): ChunkRepository => {
	const cut = ({ title, body, tags }: Note): readonly HashedPassage[] =>
		whyUnread({ length: body.length, tags }, excludedTags()) ? [] : chunkNote(title, body);

	const insertFirst = (seq: number, note: Note): void => {
		const passages = cut(note);
		if (passages.length === 0) return;
		insertChunks(
			db,
			seq,
			passages.map((passage, ordinal) => ({ ...passage, ordinal }))
		);
		if (note.trashedAtMs !== null) return;
		for (const queue of queues()) db.run(enqueueAll(queue), { $seq: seq, $reason: 'new' });
	};

	const replace = (seq: number, note: Note): readonly number[] => {
		const old = db.all<ChunkRow>(selectChunks, { $seq: seq });
		if (old.length === 0) {
			insertFirst(seq, note);
			return [];
		}
		const reason = wasEmbedded(db, seq) ? 'changed' : 'new';
		const { kept, fresh, gone } = matchByHash(old, cut(note));
		for (const { row, passage, ordinal } of kept) move(db, row, passage, ordinal);
		for (const id of gone) db.run('DELETE FROM chunks WHERE id = $id', { $id: id });
		insertChunks(db, seq, fresh);
		if (fresh.length > 0 && note.trashedAtMs === null) {
			const newest = { $seq: seq, $reason: reason, $count: fresh.length };
			for (const queue of queues()) db.run(enqueueNewest(queue), newest);
		}
		return gone;
	};

	return {
		replace,
		insertFirst,
		outdatedNotes: (currentVersion) =>
			db.all<{ seq: number }>(selectOutdated, { $version: currentVersion }).map(({ seq }) => seq),
		uncutNotes() {
			const excluded = excludedTags();
			return db
				.all<TextLength & { seq: number; tags: string }>(selectUncut)
				.filter((row) => !whyUnread({ length: lengthOf(row), tags: toTags(row.tags) }, excluded))
				.map(({ seq }) => seq);
		},
		unwantedNotes() {
			const excluded = excludedTags();
			if (excluded.size === 0) return [];
			return db
				.all<{ seq: number; tags: string }>(selectCutTagged)
				.filter(({ tags }) => whyUnread({ length: 0, tags: toTags(tags) }, excluded))
				.map(({ seq }) => seq);
		}
	};
};

type Numbered = HashedPassage & { readonly ordinal: number };

interface Match {
	readonly kept: readonly { row: ChunkRow; passage: HashedPassage; ordinal: number }[];
	readonly fresh: readonly Numbered[];
	readonly gone: readonly number[];
}

const matchByHash = (old: readonly ChunkRow[], passages: readonly HashedPassage[]): Match => {
	const rowsByHash = new Map<string, ChunkRow[]>();
	for (const row of old) rowsByHash.set(row.hash, [...(rowsByHash.get(row.hash) ?? []), row]);
	const kept: { row: ChunkRow; passage: HashedPassage; ordinal: number }[] = [];
	const fresh: Numbered[] = [];
	passages.forEach((passage, ordinal) => {
		const row = rowsByHash.get(passage.hash)?.shift();
		if (row) kept.push({ row, passage, ordinal });
		else fresh.push({ ...passage, ordinal });
	});
	return { kept, fresh, gone: [...rowsByHash.values()].flat().map(({ id }) => id) };
};

const move = (
	db: Database,
	row: ChunkRow,
	{ start, end }: HashedPassage,
	ordinal: number
): void => {
	const stays =
		row.start_offset === start &&
		row.end_offset === end &&
		row.ordinal === ordinal &&
		row.chunker === chunkerVersion;
	if (stays) return;
	const values = { $start: start, $end: end, $ordinal: ordinal, $chunker: chunkerVersion };
	db.run(moveChunk, { $id: row.id, ...values });
};

const insertChunks = (db: Database, seq: number, passages: readonly Numbered[]): void => {
	for (const { ordinal, start, end, hash } of passages) {
		db.run(insertChunk, [seq, ordinal, start, end, chunkerVersion, hash]);
	}
};

const wasEmbedded = (db: Database, seq: number): boolean =>
	db.get(
		`SELECT 1 AS found FROM chunks c WHERE c.note_seq = $seq AND (
			EXISTS (SELECT 1 FROM chunk_vectors WHERE chunk_id = c.id)
			OR EXISTS (SELECT 1 FROM index_queue WHERE chunk_id = c.id AND reason = 'changed')
		) LIMIT 1`,
		{ $seq: seq }
	) !== undefined;

const selectChunks = `
	SELECT id, ordinal, start_offset, end_offset, chunker, hash FROM chunks
	WHERE note_seq = $seq ORDER BY ordinal`;

const selectOutdated = 'SELECT DISTINCT note_seq AS seq FROM chunks WHERE chunker <> $version';

const selectUncut = `
	SELECT seq, ${lengthColumns}, tags FROM notes WHERE (title <> '' OR body <> '')
		AND NOT EXISTS (SELECT 1 FROM chunks WHERE note_seq = notes.seq)
	ORDER BY seq`;

const selectCutTagged = `
	SELECT seq, tags FROM notes WHERE seq IN (SELECT note_seq FROM note_tags)
		AND EXISTS (SELECT 1 FROM chunks WHERE note_seq = notes.seq)
	ORDER BY seq`;

const moveChunk = `
	UPDATE chunks SET
		start_offset = $start, end_offset = $end, ordinal = $ordinal, chunker = $chunker
	WHERE id = $id`;

const insertChunk = `
	INSERT INTO chunks (note_seq, ordinal, start_offset, end_offset, chunker, hash)
	VALUES (?, ?, ?, ?, ?, ?)`;

const enqueueAll = (queue: QueueTable): string => `
	INSERT OR IGNORE INTO ${queue} (chunk_id, reason)
	SELECT id, $reason FROM chunks WHERE note_seq = $seq`;

const enqueueNewest = (queue: QueueTable): string => `
	INSERT OR IGNORE INTO ${queue} (chunk_id, reason)
	SELECT id, $reason FROM chunks WHERE note_seq = $seq ORDER BY id DESC LIMIT $count`;
