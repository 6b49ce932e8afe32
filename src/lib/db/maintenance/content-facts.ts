import { toHex } from '$lib/shared/bytes';
import { sha256 } from '@noble/hashes/sha2.js';
import { readSchemaVersion } from '$lib/db/migrations/migrate';
import { selfHashSetting } from '$lib/domain/self-hash';
import type { Database } from '$lib/db/sqlite/database';

/** What must be equal in a notebook and its copy. */
export interface ContentFacts {
	/** Rows per table. */
	readonly counts: Readonly<Record<string, number>>;
	/** SHA-256 over the content hashes of all notes in id order. */
	readonly contentHash: string;
	readonly notes: number;
	readonly embeddings: number;
	/** The embedding version most vectors are of, or empty. */
	readonly model: string;
	readonly schemaVersion: number;
}

export const readContentFacts = (database: Database): ContentFacts => {
	const models = countModels(database);
	const embeddings = models.reduce((sum, { n }) => sum + n, 0);
	const counts = countRows(database, { chunk_vectors: embeddings });
	return {
		counts,
		contentHash: readContentHash(database),
		notes: counts.notes ?? 0,
		embeddings,
		model: models[0]?.model_id ?? '',
		schemaVersion: readSchemaVersion(database)
	};
};

/** Plain sentences about what differs; empty when the two hold the same. */
export const compareFacts = (
	expected: Pick<ContentFacts, 'counts' | 'contentHash'>,
	found: Pick<ContentFacts, 'counts' | 'contentHash'>,
	what: string
): string[] => {
	const tables = new Set([...Object.keys(expected.counts), ...Object.keys(found.counts)]);
	const findings = [...tables]
		.filter((table) => (expected.counts[table] ?? 0) !== (found.counts[table] ?? 0))
		.map((table) => {
			const [is, should] = [found.counts[table] ?? 0, expected.counts[table] ?? 0];
			return `${what}: table ${table} has ${is} rows instead of ${should}.`;
		});
	if (expected.contentHash !== found.contentHash) {
		findings.push(`${what}: the notes are not the ones that were recorded (content hash differs).`);
	}
	return findings;
};

/** `known` are those that were counted already. */
export const countRows = (
	database: Database,
	known: Readonly<Record<string, number>> = {}
): Record<string, number> => {
	const tables = database.all<{ name: string }>(
		`SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
		ORDER BY name`
	);
	return Object.fromEntries(
		tables.map(({ name }) => [name, known[name] ?? countTable(database, name)])
	);
};

/** What a backup says of itself is no content. */
const countTable = (database: Database, name: string): number => {
	const own = name === 'settings' ? `WHERE key <> '${selfHashSetting}'` : '';
	const sql = `SELECT count(*) AS n FROM "${name.replaceAll('"', '""')}" ${own}`;
	return database.get<{ n: number }>(sql)?.n ?? 0;
};

export const readContentHash = (database: Database): string => {
	const hash = sha256.create();
	const encoder = new TextEncoder();
	database.each<{ lines: string }>(selectLines, [], ({ lines }) => {
		hash.update(encoder.encode(lines));
	});
	return toHex(hash.digest());
};

/**
 * Joined inside of SQLite, many at a time: a row that is handed out costs more than what is done with it.
 * The table is read from end to end and sorted: by its index it would be read here and there.
 */
const selectLines = `
	SELECT group_concat(id || char(10) || content_hash || char(10), '' ORDER BY id) AS lines FROM (
		SELECT id, content_hash, (row_number() OVER (ORDER BY id) - 1) / 2000 AS part FROM notes NOT INDEXED
	) GROUP BY part ORDER BY part`;

/** In one walk over the largest table: the model most vectors are of comes first. */
const countModels = (database: Database): { readonly model_id: string; readonly n: number }[] =>
	database.all(
		'SELECT model_id, count(*) AS n FROM chunk_vectors GROUP BY model_id ORDER BY n DESC'
	);
