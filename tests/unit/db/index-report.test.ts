import { toVersionKey } from '$lib/domain/embedding-version';
import { sayUnreadable } from '$lib/domain/index-rules';
import { missingReasons, type MissingReason } from '$lib/domain/indexing';
import { longestRead } from '$lib/domain/reading-limits';
import { toBlob } from '$lib/domain/vector';
import { expect, test, vi } from 'vitest';
import { anId } from '../../support/note-builder';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

const noPassage = { chunkId: 0, hash: '' };

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const change = (core: TestCore, noteId: string, fields: object): void => {
	const save = { writeId: anId(), noteId, change: fields, baseUpdatedAtMs: null };
	core.commit(core.writes.save(save));
};

const list = (core: TestCore, reason: MissingReason | null = null) =>
	core.indexing.reasons({ reason, offset: 0, limit: 100 });

const titles = (core: TestCore, reason: MissingReason): string[] =>
	list(core, reason).reasons.map(({ title }) => title);

const leaveOut = async (core: TestCore, tags: readonly string[]): Promise<void> => {
	await core.excluded.set(tags);
	core.cutter.finish();
};

const spoil = (core: TestCore, title: string, vector: Float32Array): void => {
	core.db.run(
		`UPDATE chunk_vectors SET vector = $v WHERE chunk_id IN (
			SELECT c.id FROM chunks c JOIN notes n ON n.seq = c.note_seq WHERE n.title = $title)`,
		{ $v: toBlob(vector), $title: title }
	);
};

test('every reason that a note is not found by meaning has its own list, and together they are all such notes', async () => {
	const core = await createTestCore();
	for (const title of ['changed', 'wrong-size', 'nan', 'zero', 'other-model', 'indexed']) {
		core.create({ title });
	}
	await core.embedAll();
	const { id } = core.db.get<{ id: string }>(`SELECT id FROM notes WHERE title = 'changed'`) ?? {};
	change(core, id ?? '', { body: 'Quite another text.' });
	spoil(core, 'wrong-size', new Float32Array(3).fill(1));
	spoil(core, 'nan', new Float32Array(64).fill(NaN));
	spoil(core, 'zero', new Float32Array(64));
	core.db.run(`UPDATE chunk_vectors SET model_id = 'other@1/fp32/64' WHERE chunk_id IN (
		SELECT c.id FROM chunks c JOIN notes n ON n.seq = c.note_seq WHERE n.title = 'other-model')`);
	core.create({ title: 'empty', body: '' });
	core.db.run(`UPDATE notes SET title = '' WHERE title = 'empty'`);
	core.db.run(`DELETE FROM chunks WHERE note_seq IN (SELECT seq FROM notes WHERE title = '')`);
	await leaveOut(core, ['diary']);
	core.create({ title: 'excluded', tags: ['diary'] });
	core.create({ title: 'too-long', body: 'word '.repeat(longestRead / 5 + 1) });
	core.create({ title: 'failed' });
	const key = toVersionKey(core.embedder.version);
	const bad = (await core.indexing.claim(key, 100)).find(({ text }) => text.startsWith('failed'));
	for (let strike = 0; strike < 3; strike += 1) {
		await core.indexing.markFailed(key, bad ?? noPassage, 'out of memory');
	}
	core.create({ title: 'no-vector' });
	core.indexing.reload();
	await core.vectorIndex.loaded();
	for (const reason of missingReasons) {
		expect(titles(core, reason), reason).toEqual([reason === 'empty' ? '' : reason]);
	}
	const { counts, byReason, total } = list(core);
	expect(total).toBe(missingReasons.length);
	expect(Object.values(byReason)).toEqual(missingReasons.map(() => 1));
	const { indexed, missing, stale, failed, skipped } = counts;
	expect(indexed + missing + stale + failed + skipped).toBe(counts.total);
	expect({ indexed, missing, stale, failed, skipped }).toEqual({
		...{ indexed: 1, missing: 1, stale: 5, failed: 1, skipped: 3 }
	});
});

test('a note whose vector cannot be compared is neither marked as read nor counted as covered', async () => {
	const core = await createTestCore();
	for (const title of ['sound', 'broken']) core.create({ title });
	await core.embedAll();
	spoil(core, 'broken', new Float32Array(64));
	core.indexing.reload();
	expect(core.indexing.coverage.active().indexableNotes).toBe(2);
	await core.vectorIndex.loaded();
	expect(core.indexing.status(null)).toMatchObject({ indexed: 1, stale: 1 });
	expect(core.indexing.coverage.active()).toEqual({ indexableNotes: 2, indexedNotes: 1 });
	expect(core.indexing.coverage.countMissing()).toBe(1);
	const { notes } = core.list({ sort: 'title', limit: 5, offset: 0 });
	expect(notes.map(({ title, indexState }) => [title, indexState])).toEqual([
		['broken', 'pending'],
		['sound', 'indexed']
	]);
});

test('a note of which some passages cannot be read is found by meaning, and how many those are is said', async () => {
	const core = await createTestCore();
	const { id } = core.create({ title: 'Two tongues', body: `${'word '.repeat(400)}日本語` });
	core.create({ title: 'Plain' });
	core.cutter.finish();
	core.indexing.activate(core.embedder.version);
	const key = toVersionKey(core.embedder.version);
	const [last] = (await core.indexing.claim(key, 100)).filter(({ text }) =>
		text.includes('日本語')
	);
	await core.indexing.markUnreadable(key, last ?? noPassage, 'nothing to read');
	await core.embedAll();
	const counts = { missing: 0, stale: 0, failed: 0, skipped: 0, reasons: [] };
	expect(core.indexing.status(null)).toMatchObject({
		...{ total: 2, indexed: 2, ...counts, unreadablePassages: 1 }
	});
	expect(core.indexing.status(id)).toMatchObject({ indexed: 1, unreadablePassages: 1 });
	expect(sayUnreadable(core.indexing.status(id))).toMatch(/^1 passage holds nothing/);
	expect(sayUnreadable({ unreadablePassages: 0 })).toBe('');
});

test('a note of a title alone is left out by its tag, not for being empty', async () => {
	const core = await createTestCore();
	await leaveOut(core, ['diary']);
	core.create({ title: 'May', body: '', tags: ['diary'] });
	expect(titles(core, 'excluded')).toEqual(['May']);
	expect(titles(core, 'empty')).toEqual([]);
});

test('a text of signs that count twice is too long everywhere, or nowhere', async () => {
	const core = await createTestCore();
	core.create({ title: 'too-long', body: '🚲'.repeat(longestRead / 2 + 1) });
	expect(titles(core, 'too-long')).toEqual(['too-long']);
	core.refresh();
	expect([...core.cutter.due]).toEqual([]);
});

test('a notebook of thousands is listed a page at a time', async () => {
	const core = await createTestCore();
	core.db.run(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO notes (id, title, body, created_at, updated_at, content_hash)
		SELECT 'id-' || i, 'Note ' || i, '', 1, 1, '' FROM n`);
	core.refresh();
	core.cutter.finish();
	const page = core.indexing.reasons({ reason: 'no-vector', offset: 4_950, limit: 100 });
	expect(page).toMatchObject({ total: 5_000, counts: { total: 5_000, missing: 5_000 } });
	expect(page.reasons).toHaveLength(50);
	expect(page.reasons.at(-1)).toMatchObject({ title: 'Note 5000', reason: 'no-vector' });
});

test('a note with a tag that is left out has no vector, and comes back with the tag taken off', async () => {
	const core = await createTestCore();
	const mine = core.create({ title: 'Diary of May', body: 'A quarrel.', tags: ['diary'] });
	core.create({ title: 'Bicycle', body: 'A flat tyre.' });
	await core.embedAll();
	const vectors = (): number =>
		core.db.get<{ n: number }>('SELECT count(*) AS n FROM chunk_vectors')?.n ?? 0;
	expect(vectors()).toBe(2);
	await leaveOut(core, ['diary', ' diary ', '']);
	expect(vectors()).toBe(1);
	expect(core.vectorIndex.notes).toBe(1);
	expect(core.indexing.coverage.active()).toEqual({ indexedNotes: 1, indexableNotes: 1 });
	expect(core.search({ text: 'quarrel', mode: 'keyword', limit: 5, vector: null }).results).toEqual(
		[expect.objectContaining({ noteId: mine.id })]
	);
	core.refresh();
	expect([...core.cutter.due]).toEqual([]);
	change(core, mine.id, { tags: [] });
	expect(await core.embedAll()).toBe(1);
	change(core, mine.id, { tags: ['diary'] });
	expect(vectors()).toBe(1);
	await leaveOut(core, []);
	expect(await core.embedAll()).toBe(1);
	expect(core.indexing.status(mine.id)).toMatchObject({ total: 1, indexed: 1 });
});

test('the chosen notes alone are embedded anew', async () => {
	const core = await createTestCore();
	const [first] = ['One', 'Two', 'Three'].map((title) => core.create({ title }));
	await core.embedAll();
	core.jobs.start({ kind: 'regenerate-notes', noteIds: [first?.id ?? '', 'nobody'] });
	expect(await core.embedAll()).toBe(1);
	expect(core.jobs.list()[0]).toMatchObject({ state: 'done', done: 1, total: 1 });
});
