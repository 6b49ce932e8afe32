import type { IntegrityPart } from '$lib/domain/database-report';
import type { Notebook } from '$lib/db/maintenance/notebook';
import { createNotebookCore, type NotebookCore } from '$lib/db/notebook-core';
import { createLogger } from '$lib/shared/logger';
import { aDraft, anId } from '../../../support/note-builder';
import { createFakeEmbedder } from '../../../support/fake-embedder';
import { openInNode, silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';
import { toVersionKey } from '$lib/domain/embedding-version';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

beforeAll(() => void installFakeDisk(createRandom(1)));

let opened = 0;
let notebook: Notebook;
let core: NotebookCore;
const embedder = createFakeEmbedder();

beforeEach(async () => {
	notebook = await openInNode(`written-${++opened}`);
	core = createNotebookCore({
		...{ db: notebook.database, now: () => 2_000, elapsed: () => 0, newId: anId },
		...{ pause: async () => Promise.resolve(), indexChanged: silent },
		log: createLogger('test', silent, () => 0)
	});
	core.refresh();
	core.indexing.activate(embedder.version);
	for (const [id, title] of [
		['a', 'Apple'],
		['b', 'Bread'],
		['c', 'Cheese']
	] as const) {
		core.writes.create(anId(), aDraft({ id, title, body: `All about it, ${title}.` }));
	}
	await embedAll();
});

const embedAll = async (): Promise<void> => {
	const key = toVersionKey(embedder.version);
	const batch = await core.indexing.claim(key, 50);
	const vectors = batch.map(({ chunkId, hash, text }) => ({
		...{ chunkId, hash, vector: embedder.embed(text) }
	}));
	await core.indexing.saveVectors(key, vectors);
};

/** As the page writes it: afterwards the index looks at the notebook anew. */
const write = async (sql: string): Promise<void> => {
	try {
		await notebook.care.runSql(sql, true);
	} finally {
		core.refresh();
		core.cutter.finish();
	}
};

const parts: IntegrityPart[] = [
	...(['structure', 'foreign-keys', 'full-text', 'note-hashes', 'passages'] as const)
];

const findings = async (): Promise<string[]> =>
	(await notebook.care.checkIntegrity(parts, false, silent)).flatMap(({ findings: all }) => [
		...all
	]);

const found = async (text: string): Promise<string[]> =>
	(await core.search({ text, mode: 'keyword', limit: 9, vector: null })).results.map(
		({ noteId }) => noteId
	);

const backUp = (): Promise<unknown> =>
	notebook.backups.createBackup({ kind: 'manual', label: '', pinned: false }, silent);

const hashOf = (id: string): string | undefined =>
	notebook.database.get<{ h: string }>('SELECT content_hash AS h FROM notes WHERE id = $id', {
		$id: id
	})?.h;

/** As disk damage does it: below the app, the hash is left as it was. */
const damage = (id: string): void =>
	void notebook.database.run(`UPDATE notes SET body = replace(body, 'All', 'Alk') WHERE id = $id`, {
		$id: id
	});

describe('a statement of the user that writes notes', () => {
	it.each([
		['a new title', `UPDATE notes SET title = 'Zebra' WHERE id = 'a'`, 'zebra', 'a'],
		[
			'in its own transaction',
			`BEGIN; UPDATE notes SET body = 'zebra' WHERE id = 'a'; COMMIT`,
			'zebra',
			'a'
		],
		['then VACUUM', `UPDATE notes SET body = 'zebra' WHERE id = 'a'; VACUUM`, 'zebra', 'a'],
		['tags', `UPDATE notes SET tags = '["zebra"]'`, 'zebra', 'a,b,c'],
		['another id', `UPDATE notes SET id = 'z' WHERE id = 'a'`, 'apple', 'z'],
		[
			'a new note',
			`INSERT INTO notes (id, title, body, created_at, updated_at, content_hash) VALUES ('n', 'Zebra', '', 1, 1, '')`,
			'zebra',
			'n'
		],
		[
			'a note replaced',
			`INSERT OR REPLACE INTO notes (id, title, body, created_at, updated_at, content_hash) VALUES ('a', 'Zebra', '', 1, 1, '')`,
			'zebra',
			'a'
		],
		['a wrong hash', `UPDATE notes SET content_hash = 'x'`, 'apple', 'a'],
		['the trash', `UPDATE notes SET trashed_at = 5 WHERE id = 'a'`, 'bread', 'b'],
		['a note deleted', `DELETE FROM notes WHERE id = 'a'`, 'apple', '']
	])('leaves a sound notebook that can be backed up: %s', async (_, sql, words, ids) => {
		await write(sql);
		expect(await findings()).toEqual([]);
		await backUp();
		expect((await found(words)).sort().join()).toBe(ids);
	});

	it.each([
		[
			'a failure after it',
			`VACUUM; UPDATE notes SET body = 'zebra' WHERE id = 'a'; DELETE FROM nosuch`
		],
		['tags that are none', `UPDATE notes SET tags = '[1]' WHERE id = 'a'; VACUUM`],
		[
			'after COMMIT',
			`BEGIN; COMMIT; UPDATE notes SET body = 'zebra' WHERE id = 'a'; DELETE FROM nosuch`
		]
	])('leaves a sound notebook although the script ends midway: %s', async (_, sql) => {
		await expect(write(sql)).rejects.toMatchObject({ code: 'input-invalid' });
		expect(await findings()).toEqual([]);
		await backUp();
	});

	it('is an edit: its time is renewed, and meaning search waits for it', async () => {
		await write(
			`UPDATE notes SET body = 'zebra' WHERE id = 'a'; UPDATE notes SET pinned = 1 WHERE id = 'b'`
		);
		expect(core.notes.find('a')?.note.updatedAtMs).toBe(2_001);
		expect(core.notes.find('b')?.note.updatedAtMs).toBe(2_000);
		expect(core.indexing.coverage.countMissing()).toBe(1);
		await embedAll();
		expect(core.indexing.coverage.countMissing()).toBe(0);
	});

	it('never makes damage look like the truth', async () => {
		damage('b');
		await write(`UPDATE notes SET title = title || ' Zebra'`);
		expect(await findings()).toEqual([expect.stringContaining('note b does not match the hash')]);
		expect(await found('zebra')).toHaveLength(3);
	});

	it.each([
		`UPDATE notes SET body = 'zebra'; INSERT INTO notes (id) VALUES (NULL)`,
		`UPDATE notes SET body = 'zebra', tags = '{"a":1}'`,
		`UPDATE notes SET body = 'zebra', seq = seq + 100`
	])('leaves everything as it was when it fails: %s', async (sql) => {
		const before = hashOf('a');
		await expect(write(sql)).rejects.toMatchObject({ code: 'input-invalid' });
		expect(await findings()).toEqual([]);
		expect([hashOf('a'), await found('zebra')]).toEqual([before, []]);
		await write(`UPDATE notes SET title = 'Zebra' WHERE id = 'a'`);
		expect(await found('zebra')).toEqual(['a']);
	});

	it('leaves nothing of its watch behind', async () => {
		await write(`UPDATE notes SET title = 'Zebra'`);
		expect(notebook.database.all('SELECT name FROM temp.sqlite_schema')).toEqual([]);
		expect(notebook.database.get('PRAGMA recursive_triggers')).toEqual({ recursive_triggers: 0 });
	});
});
