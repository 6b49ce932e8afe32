import { openFresh } from '../../../support/notebook-worker';
import { chunkNote, chunkerVersion } from '$lib/domain/chunking';
import { toBlob } from '$lib/domain/vector';
import type { IntegrityPart } from '$lib/domain/database-report';
import { newestSchemaVersion } from '$lib/db/migrations';
import { describe, expect, it } from 'vitest';

const everyPart: readonly IntegrityPart[] = [
	'structure',
	'foreign-keys',
	'full-text',
	'note-hashes',
	'passages',
	'vectors'
];

/** One note with its passage and a vector of four numbers. */
const openIndexed = async () => {
	const worker = await openFresh();
	const [title, body] = ['Bread', 'Knead the dough twice and let it rest.'];
	await worker.api.addNote('x', title, body);
	for (const [ordinal, { start, end, hash }] of chunkNote(title, body).entries()) {
		await worker.api.run(
			`INSERT INTO chunks (id, note_seq, ordinal, start_offset, end_offset, chunker, hash)
			SELECT $id, seq, $ordinal, $start, $end, $chunker, $hash FROM notes WHERE id = 'x'`,
			{
				$id: ordinal + 1,
				$ordinal: ordinal,
				$start: start,
				$end: end,
				$chunker: chunkerVersion,
				$hash: hash
			}
		);
	}
	await worker.api.run("INSERT INTO chunk_vectors VALUES (1, 'm@1/q8/4', $vector)", {
		$vector: toBlob(new Float32Array([0.5, 0.5, 0.5, 0.5]))
	});
	return worker;
};

const damaged = async (
	{ api }: Awaited<ReturnType<typeof openIndexed>>,
	...sql: readonly string[]
): Promise<IntegrityPart[]> => {
	for (const statement of sql) await api.run(statement);
	const reports = await api.checkIntegrity(everyPart);
	for (const { status, findings } of reports)
		expect(findings.length > 0).toBe(status === 'damaged');
	return reports.filter(({ status }) => status === 'damaged').map(({ part }) => part);
};

describe('the full check', () => {
	it('finds nothing in a sound notebook', async () => {
		expect(await damaged(await openIndexed())).toEqual([]);
	});

	it('can be ended half-way, and the next one is whole again', async () => {
		const { api } = await openFresh();
		await api.addNotes(5_000, 'a');
		const check = api.checkIntegrity(everyPart);
		await api.cancelCheck();
		await expect(check).rejects.toMatchObject({ code: 'cancelled' });
		const [hashes] = await api.checkIntegrity(['note-hashes']);
		expect(hashes).toMatchObject({ status: 'ok', checked: 5_000 });
	});

	it('finds a word of a note changed past its hash', async () => {
		const found = await damaged(await openIndexed(), "UPDATE notes SET title = 'Broad'");
		expect(found).toEqual(['note-hashes', 'passages']);
	});

	it('finds a full-text index that fell behind', async () => {
		const found = await damaged(
			await openIndexed(),
			`INSERT INTO notes_fts (notes_fts, rowid, title, body, tags)
			SELECT 'delete', seq, title, body, tags FROM notes`
		);
		expect(found).toEqual(['full-text']);
	});

	it('finds a passage without its note', async () => {
		const found = await damaged(
			await openIndexed(),
			'PRAGMA foreign_keys = OFF',
			'DELETE FROM note_tags',
			'DELETE FROM notes'
		);
		expect(found).toEqual(['foreign-keys']);
	});

	it.each([
		['of the wrong size', new Float32Array(3).fill(1)],
		['zero', new Float32Array(4)],
		['not a number', new Float32Array([NaN, 0, 0, 1])]
	])('finds a vector that is %s', async (_, vector) => {
		const worker = await openIndexed();
		await worker.api.run('UPDATE chunk_vectors SET vector = $vector', { $vector: toBlob(vector) });
		expect(await damaged(worker)).toEqual(['vectors']);
	});

	it('finds a vector without its passage', async () => {
		const worker = await openIndexed();
		await worker.api.run('PRAGMA foreign_keys = OFF');
		expect(await damaged(worker, 'DELETE FROM chunks')).toEqual(['foreign-keys', 'vectors']);
	});
});

describe('a restore', () => {
	it('takes passages and sound vectors along', async () => {
		const { api } = await openIndexed();
		const { name, embeddings, model } = await api.createBackup();
		expect({ embeddings, model }).toEqual({ embeddings: 1, model: 'm@1/q8/4' });
		const before = await api.all('SELECT * FROM chunks JOIN chunk_vectors ON chunk_id = id');
		await api.run('DELETE FROM chunks');
		await api.restoreBackup(name);
		expect(await api.all('SELECT * FROM chunks JOIN chunk_vectors ON chunk_id = id')).toEqual(
			before
		);
	});

	it('leaves an unusable vector behind, to be made anew', async () => {
		const { api } = await openIndexed();
		await api.run('UPDATE chunk_vectors SET vector = $v', { $v: toBlob(new Float32Array(4)) });
		const { name } = await api.createBackup();
		await api.restoreBackup(name);
		expect(await api.all('SELECT * FROM chunk_vectors')).toEqual([]);
		expect(await api.noteIds()).toEqual(['x']);
	});
});

describe('care of the file', () => {
	it('compacts, foretells the gain and loses nothing', async () => {
		const { api } = await openFresh();
		await api.addNotes(2_000, 'a');
		await api.run("DELETE FROM notes WHERE id NOT LIKE '%7'");
		const ids = await api.noteIds();
		const { beforeBytes, afterBytes, predictedBytes } = await api.vacuum();
		expect(afterBytes).toBeLessThan(beforeBytes);
		expect(predictedBytes).toBeLessThan(beforeBytes);
		expect(Math.abs(predictedBytes - afterBytes) / beforeBytes).toBeLessThan(0.2);
		expect(await api.noteIds()).toEqual(ids);
		expect((await api.databaseSize()).bytes).toBe(afterBytes);
	});

	it('tells bytes and rows per table', async () => {
		const { api } = await openFresh();
		await api.addNotes(50, 'a');
		const size = await api.databaseSize();
		const notes = size.tables.find(({ name }) => name === 'notes');
		expect(notes?.rows).toBe(50);
		expect(size.tables.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(size.bytes);
		expect(size.pageSize).toBe(8192);
		const use = await api.storageUse();
		expect(use).toMatchObject({ backups: 0 });
		expect(use.notes + use.vectors).toBe(size.bytes);
	});

	it('tells the facts', async () => {
		const { api } = await openIndexed();
		await api.addNote('t', 'In the trash', '');
		await api.run("UPDATE notes SET trashed_at = 5 WHERE id = 't'");
		expect(await api.facts()).toMatchObject({
			notes: 1,
			trashedNotes: 1,
			chunks: 1,
			vectors: 1,
			schemaVersion: newestSchemaVersion,
			notebookCreatedAtMs: Date.UTC(2026, 4, 12, 9, 30)
		});
		await api.analyze();
		await api.optimize();
	});
});

describe('SQL that a user types', () => {
	it('gives the rows of the last statement', async () => {
		const { api } = await openIndexed();
		const result = await api.runSql(
			"SELECT 1; -- one; two\nSELECT id, title AS t FROM notes WHERE id <> ';'"
		);
		expect(result).toMatchObject({ columns: ['id', 't'], rows: [['x', 'Bread']], rowsAffected: 0 });
	});

	it.each([
		"DELETE FROM notes WHERE id = 'x'",
		"SELECT 1; UPDATE notes SET title = ''",
		'DROP TABLE notes',
		'CREATE TABLE t (x)',
		'/* PRAGMA */ DELETE FROM notes',
		'WITH a AS (SELECT 1) DELETE FROM notes',
		'BEGIN',
		'PRAGMA user_version = 7',
		'PRAGMA synchronous = OFF',
		'PRAGMA writable_schema(1)',
		"ATTACH '/other.db' AS other",
		"VACUUM INTO '/copy.db'",
		"-- harmless\nVACUUM INTO '/copy.db'"
	])('is refused while it is not unlocked: %s', async (sql) => {
		const { api } = await openIndexed();
		const before = await api.all('SELECT * FROM notes');
		await expect(api.runSql(sql)).rejects.toMatchObject({ code: 'input-invalid' });
		expect(await api.all('SELECT * FROM notes')).toEqual(before);
	});

	it.each([
		'VACUUM',
		'ANALYZE',
		'PRAGMA integrity_check',
		'PRAGMA quick_check(1)',
		'PRAGMA table_info(notes)'
	])('is care and needs no unlocking: %s', async (sql) => {
		const { api } = await openIndexed();
		await api.runSql(sql);
		expect(await api.noteIds()).toEqual(['x']);
	});

	it('writes when unlocked, but never changes how notes are kept safe', async () => {
		const { api } = await openIndexed();
		const result = await api.runSql("INSERT INTO settings VALUES ('a', '1'), ('b', '2')", true);
		expect(result.rowsAffected).toBe(2);
		await expect(api.runSql('PRAGMA synchronous = OFF', true)).rejects.toMatchObject({
			code: 'input-invalid'
		});
		await expect(api.runSql('BEGIN; DELETE FROM settings', true)).rejects.toMatchObject({
			code: 'input-invalid'
		});
		expect(await api.all('SELECT key FROM settings')).toHaveLength(2);
		await api.addNote('y', 'Y', 'the notebook still takes notes');
	});

	it('is told about a mistake in words', async () => {
		const { api } = await openIndexed();
		await expect(api.runSql('SELEC 1')).rejects.toMatchObject({ code: 'input-invalid' });
		await expect(api.runSql('SELECT nothing FROM notes')).rejects.toMatchObject({
			code: 'input-invalid'
		});
		await expect(api.runSql('')).resolves.toMatchObject({ columns: [], rows: [] });
	});
});
