import type { DatabaseSize, LargeNote, TableSize } from '$lib/domain/database-report';
import type { Database } from '$lib/db/sqlite/database';
import { countRows } from './content-facts';
import { readFreeableBytes } from './freeable-bytes';
import { readPragma } from './read-pragma';

interface StatRow {
	readonly name: string;
	readonly bytes: number;
	readonly unused: number;
}

export const readBytes = (database: Database): number =>
	readPragma(database, 'page_count') * readPragma(database, 'page_size');

/** Bytes of every table and index, largest first. */
export const readDatabaseSize = (database: Database): DatabaseSize => {
	const counts = countRows(database);
	const stats = database.all<StatRow>(
		`SELECT name, pgsize AS bytes, unused FROM dbstat WHERE aggregate = TRUE
		ORDER BY pgsize DESC, name`
	);
	const tables = stats.map(({ name, bytes, unused }): TableSize => ({
		name,
		bytes,
		unusedBytes: unused,
		rows: counts[name] ?? null
	}));
	return {
		bytes: readBytes(database),
		pageSize: readPragma(database, 'page_size'),
		freeableBytes: readFreeableBytes(database),
		tables
	};
};

/** The notes with the most text, and what is derived from each. */
export const readLargestNotes = (database: Database, limit: number): LargeNote[] =>
	database.all<{ [Name in keyof LargeNote]: LargeNote[Name] }>(
		`SELECT id, title, octet_length(title) + octet_length(body) AS textBytes,
			(SELECT count(*) FROM chunks WHERE note_seq = seq) AS passages,
			(SELECT coalesce(sum(octet_length(vector)), 0) FROM chunks
				JOIN chunk_vectors ON chunk_id = chunks.id WHERE note_seq = seq) AS vectorBytes
		FROM notes ORDER BY octet_length(title) + octet_length(body) DESC, seq LIMIT $limit`,
		{ $limit: limit }
	);

/** Bytes of the vectors with their index. */
export const readVectorBytes = (database: Database): number =>
	database.get<{ bytes: number | null }>(
		`SELECT sum(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE
		AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name = 'chunk_vectors')`
	)?.bytes ?? 0;
