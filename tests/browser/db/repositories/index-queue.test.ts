import { toVersionKey } from '$lib/domain/embedding-version';
import { toBlob } from '$lib/domain/vector';
import { describe, expect, test } from 'vitest';
import { createFakeEmbedder } from '../../../support/fake-embedder';
import { anId, anImportedNote } from '../../../support/note-builder';
import { createTestCore, type TestCore } from '../../../support/test-core';

const noPassage = { chunkId: 0, hash: '' };

const status = (core: TestCore) => {
	const { reasons, ...counts } = core.indexing.status(null);
	return { ...counts, reasons: reasons.map(({ reason }) => reason) };
};

const edit = (core: TestCore, noteId: string, body: string): void => {
	core.commit(
		core.writes.save({ writeId: anId(), noteId, change: { body }, baseUpdatedAtMs: null })
	);
};

const key = (core: TestCore): string => toVersionKey(core.embedder.version);

const claim = async (core: TestCore, limit = 100) => core.indexing.claim(key(core), limit);

/** `count` paragraphs, each a passage of its own. */
const longBody = (count: number): string =>
	Array.from({ length: count }, (_, i) => `Paragraph ${i} ${`word${i} `.repeat(65).trim()}.`).join(
		'\n\n'
	);

describe('what waits for a vector', () => {
	test('every new passage, with its title, once a model is there', async () => {
		const core = await createTestCore();
		core.create({ title: 'Bicycle', body: 'A flat tyre.' });
		expect(await claim(core)).toEqual([]);
		core.indexing.activate(core.embedder.version);
		expect((await claim(core)).map(({ text }) => text)).toEqual(['Bicycle\n\nA flat tyre.']);
		expect(await core.indexing.claim('another-model', 10)).toEqual([]);
	});

	test('after an edit only the passages that changed', async () => {
		const core = await createTestCore();
		const { id } = core.create({ body: longBody(5) });
		expect(await core.embedAll()).toBe(5);
		edit(core, id, `${longBody(4)}\n\nA new end.`);
		expect(await claim(core)).toHaveLength(1);
		expect(await core.embedAll()).toBe(1);
		edit(core, id, `A new beginning ${'x '.repeat(60)}\n\n${longBody(4)}\n\nA new end.`);
		expect(await core.embedAll()).toBe(1);
		expect(core.vectorIndex.notes).toBe(1);
		expect(core.db.get('SELECT count(*) AS n FROM chunk_vectors')).toEqual({ n: 5 });
	});

	test('a note just edited goes before what was imported', async () => {
		const core = await createTestCore();
		const { id } = core.create({ title: 'Mine' });
		await core.importNotes([anImportedNote(), anImportedNote(), anImportedNote()], 1);
		core.cutter.finish();
		core.indexing.activate(core.embedder.version);
		edit(core, id, 'just typed');
		expect((await claim(core, 1))[0]?.text).toContain('just typed');
	});

	test('nothing of the trash', async () => {
		const core = await createTestCore();
		const { id } = core.create();
		core.indexing.activate(core.embedder.version);
		const [passage] = await claim(core);
		core.commit(core.writes.setTrashed(id, true));
		expect(await claim(core)).toEqual([]);
		if (!passage) throw new Error('nothing was claimed');
		const vector = core.embedder.embed(passage.text);
		await core.indexing.saveVectors(key(core), [{ ...passage, vector }]);
		expect(core.vectorIndex.notes).toBe(0);
		core.commit(core.writes.setTrashed(id, false));
		expect(core.vectorIndex.notes).toBe(1);
		expect(await claim(core)).toEqual([]);
	});
});

describe('a vector', () => {
	test('that comes after its text changed is not taken', async () => {
		const core = await createTestCore();
		const { id } = core.create({ title: 'T', body: 'before' });
		core.indexing.activate(core.embedder.version);
		const [passage] = await claim(core);
		edit(core, id, 'after');
		if (!passage) throw new Error('nothing was claimed');
		const vector = core.embedder.embed(passage.text);
		await core.indexing.saveVectors(key(core), [{ ...passage, vector }]);
		expect(status(core)).toMatchObject({ indexed: 0, missing: 1 });
	});

	test('of no use counts as a failure', async () => {
		const core = await createTestCore();
		core.create();
		core.indexing.activate(core.embedder.version);
		for (let strike = 0; strike < 3; strike += 1) {
			const [passage] = await claim(core);
			if (!passage) throw new Error('given up too early');
			await core.indexing.saveVectors(key(core), [{ ...passage, vector: new Float32Array(64) }]);
		}
		expect(await claim(core)).toEqual([]);
		expect(status(core)).toMatchObject({ failed: 1, reasons: ['failed'] });
	});

	test('that was damaged on disk is found and made anew', async () => {
		const core = await createTestCore();
		core.create();
		await core.embedAll();
		core.db.run('UPDATE chunk_vectors SET vector = $v', {
			$v: toBlob(new Float32Array(64).fill(NaN))
		});
		core.indexing.reload();
		await core.vectorIndex.loaded();
		expect(status(core)).toMatchObject({ stale: 1, reasons: ['nan'] });
		core.jobs.start({ kind: 'regenerate-missing' });
		expect(await core.embedAll()).toBe(1);
		expect(status(core)).toMatchObject({ indexed: 1, reasons: [] });
	});
});

describe('failures', () => {
	test('a passage that fails three times is left, the others go on, and it can be retried', async () => {
		const core = await createTestCore();
		core.create({ title: 'bad' });
		core.create({ title: 'good' });
		core.indexing.activate(core.embedder.version);
		for (;;) {
			const bad = (await claim(core)).find(({ text }) => text.startsWith('bad'));
			if (!bad) break;
			await core.indexing.markFailed(key(core), bad, 'out of memory');
		}
		expect(await core.embedAll()).toBe(1);
		expect(status(core)).toMatchObject({ total: 2, indexed: 1, failed: 1, reasons: ['failed'] });
		expect(core.indexing.status(null).reasons[0]?.message).toBe('out of memory');
		expect(
			core.list({ sort: 'title', offset: 0, limit: 9 }).notes.map((n) => n.indexState)
		).toEqual(['failed', 'indexed']);
		expect(core.indexing.retryFailed()).toBe(1);
		expect(await core.embedAll()).toBe(1);
		expect(status(core)).toMatchObject({ indexed: 2, failed: 0 });
	});

	test('a note with nothing to read is skipped, not missing', async () => {
		const core = await createTestCore();
		core.create({ title: '', body: '' });
		core.create({ title: '🚲', body: '' });
		core.indexing.activate(core.embedder.version);
		const [passage] = await claim(core);
		await core.indexing.markUnreadable(key(core), passage ?? noPassage, 'no word in it');
		expect(status(core)).toMatchObject({ total: 2, skipped: 2, reasons: ['empty', 'empty'] });
		expect(core.indexing.coverage.active()).toEqual({ indexableNotes: 0, indexedNotes: 0 });
	});
});

describe('another model', () => {
	test('makes all notes stale; the old vectors stay until each is replaced', async () => {
		const core = await createTestCore();
		core.create();
		core.create();
		await core.embedAll();
		const other = createFakeEmbedder(32);
		core.indexing.activate(other.version);
		await core.vectorIndex.loaded();
		expect(status(core)).toMatchObject({ stale: 2, reasons: ['other-model', 'other-model'] });
		expect(core.vectorIndex.notes).toBe(0);
		expect(core.db.get('SELECT count(*) AS n FROM chunk_vectors')).toEqual({ n: 2 });
		const otherKey = toVersionKey(other.version);
		const [passage] = await core.indexing.claim(otherKey, 1);
		if (!passage) throw new Error('nothing was claimed');
		const vector = other.embed(passage.text);
		await core.indexing.saveVectors(otherKey, [{ ...passage, vector }]);
		expect(core.db.get('SELECT count(*) AS n FROM chunk_vectors')).toEqual({ n: 2 });
		expect(status(core)).toMatchObject({ indexed: 1, stale: 1 });
	});

	test('going back to the one before needs no work that was done', async () => {
		const core = await createTestCore();
		core.create();
		await core.embedAll();
		core.indexing.activate(createFakeEmbedder(32).version);
		core.indexing.activate(core.embedder.version);
		await core.vectorIndex.loaded();
		expect(await claim(core)).toEqual([]);
		expect(status(core)).toMatchObject({ indexed: 1 });
	});
});

describe('a job over all notes', () => {
	test('counts notes, ends when all are done, and only one runs at a time', async () => {
		const core = await createTestCore();
		core.create({ body: longBody(3) });
		core.create();
		core.create({ title: '', body: '' });
		await core.embedAll();
		const job = core.jobs.start({ kind: 'regenerate-all' });
		expect(job).toMatchObject({ state: 'running', total: 3, done: 0, skipped: 1 });
		expect(() => core.jobs.start({ kind: 'regenerate-missing' })).toThrow(
			expect.objectContaining({ code: 'busy' })
		);
		expect(status(core)).toMatchObject({ indexed: 2 });
		core.clock.advance(500);
		expect(await core.embedAll()).toBe(4);
		expect(core.jobs.list()[0]).toMatchObject({ state: 'done', done: 2, skipped: 1, failed: 0 });
		expect(core.jobs.start({ kind: 'regenerate-missing' })).toMatchObject({
			state: 'done',
			total: 0
		});
	});

	test('pauses, goes on, and keeps what is done when it is cancelled', async () => {
		const core = await createTestCore();
		for (let i = 0; i < 4; i += 1) core.create();
		await core.embedAll();
		const { id } = core.jobs.start({ kind: 'regenerate-all' });
		const [first] = await claim(core, 1);
		if (!first) throw new Error('nothing was claimed');
		const vector = core.embedder.embed(first.text);
		await core.indexing.saveVectors(key(core), [{ ...first, vector }]);
		expect(core.jobs.pause(id).state).toBe('paused');
		expect(core.indexing.progress()).toMatchObject({ paused: true, pendingNotes: 3 });
		expect(await claim(core)).toEqual([]);
		core.jobs.resume(id);
		expect(await claim(core)).toHaveLength(3);
		expect(core.jobs.cancel(id)).toMatchObject({ state: 'cancelled', done: 1, total: 4 });
		expect(await claim(core)).toEqual([]);
		expect(status(core)).toMatchObject({ indexed: 4 });
	});

	test('a cancelled job leaves edits in the queue', async () => {
		const core = await createTestCore();
		const { id } = core.create();
		await core.embedAll();
		edit(core, id, 'edited');
		core.jobs.cancel(core.jobs.start({ kind: 'regenerate-missing' }).id);
		expect(await claim(core)).toHaveLength(1);
	});

	test('ends when the last note it waits for is deleted', async () => {
		const core = await createTestCore();
		const { id } = core.create();
		core.indexing.activate(core.embedder.version);
		core.jobs.start({ kind: 'regenerate-missing' });
		core.commit(core.writes.setTrashed(id, true));
		expect(core.jobs.list()[0]?.state).toBe('done');
	});
});

test('the status of one note is about that note alone', async () => {
	const core = await createTestCore();
	const { id } = core.create();
	core.create();
	expect(core.indexing.status(id)).toMatchObject({ total: 1, missing: 1 });
	expect(() => core.indexing.status('nobody')).toThrow(
		expect.objectContaining({ code: 'note-missing' })
	);
	await core.embedAll();
	const embedding = core.embedding(id);
	expect(embedding).toMatchObject({ noteId: id, model: key(core), dimensions: 64 });
	expect(embedding.chunks[0]?.norm).toBeCloseTo(1);
	expect(embedding.chunks[0]?.vector).toHaveLength(64);
});

test('making the text index anew keeps the vectors and mends the full-text index', async () => {
	const core = await createTestCore();
	core.create({ title: 'Bicycle', tags: ['x'] });
	await core.embedAll();
	core.db.run(`INSERT INTO notes_fts (notes_fts) VALUES ('delete-all'); DELETE FROM note_tags;`);
	core.rebuildTextIndex();
	const { results } = core.search({ text: 'bicycle', mode: 'keyword', limit: 5, vector: null });
	expect(results).toHaveLength(1);
	expect(core.notes.tags()).toEqual([{ tag: 'x', notes: 1 }]);
	expect(status(core)).toMatchObject({ indexed: 1 });
});
