import {
	nextVersionSetting,
	toVersionKey,
	versionOfSetting,
	type EmbeddingVersion
} from '$lib/domain/embedding-version';
import { cosine, fromBlob } from '$lib/domain/vector';
import { passageText } from '$lib/domain/chunking';
import { createNotebookCore, type NotebookCore } from '$lib/db/notebook-core';
import { prepareImport } from '$lib/db/repositories/prepare-import';
import type { Database } from '$lib/db/sqlite/database';
import { createLogger } from '$lib/shared/logger';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createFakeEmbedder, type FakeEmbedder } from '../../support/fake-embedder';
import { createTestDatabase } from '../../support/create-test-database';
import { aDraft, anId, anImportedNote } from '../../support/note-builder';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const model = (modelId: string, dimensions: number, revision = '1'): FakeEmbedder => {
	const made = createFakeEmbedder(dimensions);
	return { ...made, version: { ...made.version, modelId, revision } };
};

/** Three models and a second version of one: what a user can switch between. */
const models = [model('a', 16), model('b', 24), model('c', 16), model('b', 24, '2')] as const;
const keyOfModel = (index: number): string => toVersionKey(at(index).version);
const at = (index: number): FakeEmbedder => models[index % models.length] ?? models[0];

const silent = (): void => undefined;

const openCore = (db: Database): NotebookCore => {
	let nowMs = 1_000;
	const core = createNotebookCore({
		db,
		now: () => (nowMs += 7),
		elapsed: () => nowMs,
		newId: anId,
		log: createLogger('test', silent, () => nowMs),
		pause: async () => Promise.resolve(),
		indexChanged: silent
	});
	core.refresh();
	return core;
};

interface Run {
	readonly db: Database;
	core: NotebookCore;
}

type Slot = 'active' | 'next';

const nextKey = ({ settings }: NotebookCore): string => {
	const version = versionOfSetting(settings.get(nextVersionSetting));
	return version ? toVersionKey(version) : '';
};

const keys = ({ core }: Run): Record<Slot, string> => ({
	active: core.indexing.activeKey(),
	next: nextKey(core)
});

const commit = (
	{ core }: Run,
	written: { readonly noteIds: unknown; readonly passages: never | object }
): void => core.indexing.follow(written.passages as Parameters<typeof core.indexing.follow>[0]);

const noteAt = ({ db }: Run, place: number, trashed: boolean): string | undefined => {
	const rows = db.all<{ id: string }>(
		`SELECT id FROM notes WHERE (trashed_at IS NOT NULL) = $t ORDER BY id`,
		{ $t: trashed ? 1 : 0 }
	);
	return rows[place % Math.max(1, rows.length)]?.id;
};

const embedderOf = (key: string): FakeEmbedder =>
	models.find(({ version }) => toVersionKey(version) === key) ?? models[0];

const work = async ({ core }: Run, key: string, count: number): Promise<number> => {
	if (key === '') return 0;
	const batch = await core.indexing.claim(key, count);
	const vectors = batch.map(({ chunkId, hash, text }) => ({
		...{ chunkId, hash },
		vector: embedderOf(key).embed(text)
	}));
	await core.indexing.saveVectors(key, vectors);
	return batch.length;
};

/** What the database refuses for a reason the user is told is no fault. */
const allowed = async (act: () => unknown): Promise<void> => {
	try {
		await act();
	} catch (thrown) {
		expect(['busy', 'model-missing', 'input-invalid']).toContain(
			(thrown as { code?: string }).code
		);
	}
};

type Step = (run: Run) => Promise<void> | void;

const words = ['tyre', 'apple', 'river', 'Zug', 'garden', 'letter', 'stone', 'lamp'];
const bodyOf = (seed: number, paragraphs: number): string =>
	Array.from({ length: paragraphs }, (_, p) =>
		Array.from({ length: 70 }, (_, w) => words[(seed * 7 + p * 5 + w * (seed + 1)) % 8]).join(' ')
	).join('\n\n');

const number = fc.nat({ max: 40 });

const step: fc.Arbitrary<readonly [string, Step]> = fc.oneof(
	fc
		.tuple(number, fc.nat({ max: 3 }))
		.map(([seed, long]) => [
			`create ${seed}`,
			(run: Run) =>
				commit(run, run.core.writes.create(anId(), aDraft({ body: bodyOf(seed, long) })))
		]),
	fc.tuple(number, number, fc.nat({ max: 3 })).map(([place, seed, long]) => [
		`edit ${place}`,
		(run: Run) => {
			const noteId = noteAt(run, place, false);
			if (noteId === undefined) return;
			const change = { body: bodyOf(seed, long) };
			const save = { writeId: anId(), noteId, change, baseUpdatedAtMs: null };
			commit(run, run.core.writes.save(save));
		}
	]),
	fc.tuple(number, fc.boolean()).map(([place, trash]) => [
		trash ? `trash ${place}` : `untrash ${place}`,
		(run: Run) => {
			const id = noteAt(run, place, !trash);
			if (id !== undefined) commit(run, run.core.writes.setTrashed(id, trash));
		}
	]),
	number.map((place) => [
		`delete ${place}`,
		(run: Run) => {
			const id = noteAt(run, place, true);
			if (id !== undefined) commit(run, run.core.writes.deleteForever([id]));
		}
	]),
	number.map((seed) => [
		'import',
		async (run: Run) => {
			const notes = [anImportedNote({ body: bodyOf(seed, 2) }), anImportedNote()];
			commit(run, run.core.writes.importNotes(await prepareImport(notes, 1, anId)));
		}
	]),
	fc
		.tuple(fc.constantFrom<Slot>('active', 'next'), fc.integer({ min: 1, max: 9 }))
		.map(([slot, count]) => [
			`work ${slot} ${count}`,
			async (run: Run) => void (await work(run, keys(run)[slot], count))
		]),
	fc.tuple(fc.constantFrom<Slot>('active', 'next'), fc.boolean()).map(([slot, strike]) => [
		strike ? `strike ${slot}` : `unreadable ${slot}`,
		async (run: Run) => {
			const key = keys(run)[slot];
			const [passage] = key === '' ? [] : await run.core.indexing.claim(key, 1);
			if (!passage) return;
			if (strike) await run.core.indexing.markFailed(key, passage.chunkId, 'broken');
			else await run.core.indexing.markUnreadable(key, passage.chunkId, 'nothing to read');
		}
	]),
	number.map((index) => [
		`next model ${at(index).version.modelId}`,
		async (run: Run) => allowed(() => run.core.sets.setNext(at(index).version))
	]),
	fc.constant([
		'fill next',
		async (run: Run) => allowed(() => run.core.jobs.start({ kind: 'new-model' }))
	]),
	fc.constant([
		'accept',
		async (run: Run) => {
			const { next } = keys(run);
			if (next !== '') await allowed(() => run.core.sets.switchTo(next));
		}
	]),
	fc.constant(['keep the old', (run: Run) => run.core.sets.dropNext()]),
	number.map((index) => [
		`switch to ${keyOfModel(index)}`,
		async (run: Run) => allowed(() => run.core.sets.switchTo(keyOfModel(index)))
	]),
	number.map((index) => [
		`remove ${keyOfModel(index)}`,
		async (run: Run) => allowed(async () => run.core.sets.remove(keyOfModel(index)))
	]),
	number.map((index) => [
		`update ${index}`,
		(run: Run) => {
			// The app came with another version of the model in use.
			const active = run.core.indexing.active();
			const other = models.find(({ version }) => version.modelId === active?.modelId);
			if (other) run.core.indexing.activate(other.version);
		}
	]),
	fc
		.constantFrom('regenerate-missing' as const, 'regenerate-all' as const)
		.map((kind) => [kind, async (run: Run) => allowed(() => run.core.jobs.start({ kind }))]),
	fc.constantFrom('pause' as const, 'resume' as const, 'cancel' as const).map((act) => [
		act,
		(run: Run) => {
			for (const job of run.core.jobs.list().filter(({ finishedAtMs }) => finishedAtMs === null)) {
				run.core.jobs[act](job.id);
			}
		}
	]),
	fc.tuple(number, fc.subarray(['diary', 'work'])).map(([place, tags]) => [
		`tag ${place}`,
		(run: Run) => {
			const noteId = noteAt(run, place, false);
			if (noteId === undefined) return;
			const save = { writeId: anId(), noteId, change: { tags }, baseUpdatedAtMs: null };
			commit(run, run.core.writes.save(save));
		}
	]),
	fc
		.subarray(['diary', 'work'])
		.map((tags) => [
			`leave out ${tags.join()}`,
			(run: Run) => run.core.indexing.follow(run.core.excluded.set(tags))
		]),
	fc.constant([
		'killed and opened again',
		(run: Run) => {
			run.core.cutter.stop();
			run.core = openCore(run.db);
		}
	])
) as fc.Arbitrary<readonly [string, Step]>;

const one = (db: Database, sql: string): number => db.get<{ n: number }>(sql)?.n ?? 0;

const liveNotes = 'SELECT count(*) AS n FROM notes WHERE trashed_at IS NULL';
const orphans = (table: string): string =>
	`SELECT count(*) AS n FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE id = chunk_id)`;

const checkCounts = (run: Run): void => {
	const { db, core } = run;
	for (const [slot, key] of Object.entries(keys(run))) {
		if (key === '') continue;
		const status = core.indexing.status(null, slot as Slot);
		const { total, indexed, missing, stale, failed, skipped } = status;
		expect(indexed + missing + stale + failed + skipped).toBe(total);
		expect(total).toBe(one(db, liveNotes));
		expect(status.model).toBe(key);
	}
	const { counts, byReason } = core.indexing.reasons({ reason: null, offset: 0, limit: 1 });
	const uncovered = Object.values(byReason).reduce((sum, count) => sum + count, 0);
	expect(uncovered).toBe(counts.total - counts.indexed);
	for (const table of ['chunk_vectors', 'index_queue', 'next_queue']) {
		expect(one(db, orphans(table))).toBe(0);
	}
	if (keys(run).next === '') expect(one(db, 'SELECT count(*) AS n FROM next_queue')).toBe(0);
	const sets = core.sets.list();
	const stored = one(db, 'SELECT count(*) AS n FROM chunk_vectors');
	expect(sets.reduce((sum, { vectors }) => sum + vectors, 0)).toBe(stored);
	expect(sets.filter(({ role }) => role === 'active').length).toBeLessThanOrEqual(1);
};

const checkMemory = async ({ db, core }: Run): Promise<void> => {
	await core.vectorIndex.loaded();
	const row = db.get<{ n: number }>(
		`SELECT count(DISTINCT c.note_seq) AS n FROM chunk_vectors v JOIN chunks c ON c.id = v.chunk_id
		JOIN notes n ON n.seq = c.note_seq WHERE n.trashed_at IS NULL AND v.model_id = $key`,
		{ $key: core.indexing.activeKey() }
	);
	expect(core.vectorIndex.notes).toBe(row?.n);
};

const finishAll = async (run: Run): Promise<void> => {
	const { core } = run;
	for (const { id, finishedAtMs } of core.jobs.list())
		if (finishedAtMs === null) core.jobs.cancel(id);
	core.jobs.start({ kind: 'regenerate-missing' });
	if (keys(run).next !== '') core.jobs.start({ kind: 'new-model' });
	for (const key of Object.values(keys(run))) while ((await work(run, key, 50)) > 0);
};

interface Stored {
	readonly title: string;
	readonly body: string;
	readonly start: number;
	readonly end: number;
	readonly vector: Uint8Array | null;
}

const checkComplete = ({ db, core }: Run, version: EmbeddingVersion, slot: Slot): void => {
	const key = toVersionKey(version);
	const rows = db.all<Stored>(
		`SELECT n.title, n.body, c.start_offset AS start, c.end_offset AS end, v.vector FROM chunks c
		JOIN notes n ON n.seq = c.note_seq AND n.trashed_at IS NULL
		LEFT JOIN chunk_vectors v ON v.chunk_id = c.id AND v.model_id = $key`,
		{ $key: key }
	);
	for (const { title, body, start, end, vector } of rows) {
		const fresh = embedderOf(key).embed(passageText(title, body, { start, end }));
		expect(vector && cosine(fromBlob(vector), fresh)).toBeGreaterThan(0.9999);
	}
	expect(core.indexing.status(null, slot)).toMatchObject({ missing: 0, stale: 0, failed: 0 });
};

test('whatever is edited, deleted, imported, switched or killed, every note is counted once and no vector is left behind', async () => {
	const db = await createTestDatabase();
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 45 }), async (steps) => {
			db.run('DELETE FROM notes; DELETE FROM index_jobs; DELETE FROM settings;');
			const run: Run = { db, core: openCore(db) };
			run.core.indexing.activate(models[0].version);
			for (const [, act] of steps) {
				await act(run);
				checkCounts(run);
				await checkMemory(run);
			}
			await finishAll(run);
			checkCounts(run);
			await checkMemory(run);
			const active = run.core.indexing.active();
			if (active) checkComplete(run, active, 'active');
			const next = models.find(({ version }) => toVersionKey(version) === keys(run).next);
			if (next) checkComplete(run, next.version, 'next');
			run.core.cutter.stop();
		}),
		{ numRuns: 60, seed: 4 }
	);
}, 60_000);

const started = async (): Promise<Run> => {
	const db = await createTestDatabase();
	const run: Run = { db, core: openCore(db) };
	run.core.indexing.activate(models[0].version);
	for (let i = 0; i < 6; i += 1) {
		commit(run, run.core.writes.create(anId(), aDraft({ title: `Note ${i}`, body: bodyOf(i, 2) })));
	}
	await finishAll(run);
	return run;
};

const found = ({ core }: Run, key: string, text: string): readonly string[] =>
	core
		.search({
			...{ text, mode: 'semantic', limit: 3, versionKey: key },
			vector: embedderOf(key).embed(text)
		})
		.results.map(({ title }) => title);

test('the old model answers until the new one is accepted, and afterwards the way back needs no work', async () => {
	const run = await started();
	const { core } = run;
	const before = found(run, keyOfModel(0), 'tyre river');
	core.sets.setNext(models[1].version);
	core.jobs.start({ kind: 'new-model' });
	expect(await work(run, keyOfModel(1), 5)).toBe(5);
	expect(core.indexing.status(null)).toMatchObject({ indexed: 6, stale: 0 });
	expect(found(run, keyOfModel(0), 'tyre river')).toEqual(before);
	await finishAll(run);
	await core.sets.open(keyOfModel(1));
	expect(found(run, keyOfModel(1), 'tyre river')).toHaveLength(3);
	core.sets.switchTo(keyOfModel(1));
	await core.vectorIndex.loaded();
	expect(core.indexing.status(null)).toMatchObject({ model: keyOfModel(1), indexed: 6 });
	expect(core.sets.list().map(({ role, vectors }) => [role, vectors > 0])).toEqual([
		['kept', true],
		['active', true]
	]);
	core.sets.switchTo(keyOfModel(0));
	await core.vectorIndex.loaded();
	expect(core.indexing.status(null)).toMatchObject({ model: keyOfModel(0), indexed: 6 });
	expect(found(run, keyOfModel(0), 'tyre river')).toEqual(before);
});

test('what was written after the switch is made anew after the way back, and nothing else', async () => {
	const run = await started();
	run.core.sets.setNext(models[1].version);
	await finishAll(run);
	run.core.sets.switchTo(keyOfModel(1));
	const noteId = noteAt(run, 0, false) ?? '';
	const save = { writeId: anId(), noteId, change: { body: 'Only this.' }, baseUpdatedAtMs: null };
	commit(run, run.core.writes.save(save));
	await work(run, keyOfModel(1), 50);
	run.core.sets.switchTo(keyOfModel(0));
	expect(run.core.indexing.status(null)).toMatchObject({ indexed: 5, stale: 1 });
	expect(await work(run, keyOfModel(0), 50)).toBe(1);
	expect(run.core.indexing.status(null)).toMatchObject({ indexed: 6 });
});

test('a set goes only when it is not in use, and tells how much it was', async () => {
	const run = await started();
	const { core } = run;
	core.sets.setNext(models[1].version);
	await expect(core.sets.remove(keyOfModel(0))).rejects.toMatchObject({ code: 'busy' });
	await expect(core.sets.remove(keyOfModel(1))).rejects.toMatchObject({ code: 'busy' });
	await finishAll(run);
	core.sets.switchTo(keyOfModel(1));
	const old = core.sets.list().find(({ role }) => role === 'kept');
	expect(await core.sets.remove(keyOfModel(0))).toEqual({
		vectors: old?.vectors,
		bytes: (old?.vectors ?? 0) * 16 * 4
	});
	expect(core.sets.list().map(({ versionKey }) => versionKey)).toEqual([keyOfModel(1)]);
});

test('a restored notebook without a change of the model has no job and no queue of one', async () => {
	const run = await started();
	run.core.sets.setNext(models[1].version);
	const { id } = run.core.jobs.start({ kind: 'new-model' });
	run.db.run("UPDATE settings SET value = 'null' WHERE key = 'embedding.next-version'");
	run.core = openCore(run.db);
	expect(run.core.jobs.list().find((job) => job.id === id)?.state).toBe('cancelled');
	expect(one(run.db, 'SELECT count(*) AS n FROM next_queue')).toBe(0);
});

test('a set that was not read to its end is not searched as if it were', async () => {
	const run = await started();
	run.core.sets.setNext(models[1].version);
	const opening = run.core.sets.open(keyOfModel(1));
	run.core.sets.closeSide();
	await expect(opening).rejects.toMatchObject({ code: 'busy' });
	await run.core.sets.open(keyOfModel(1));
});

test('going back to a model ends the removal of its vectors, which tells what went', async () => {
	const run = await started();
	run.core.sets.setNext(models[1].version);
	run.core.jobs.start({ kind: 'new-model' });
	while ((await work(run, keyOfModel(1), 50)) > 0);
	run.core.sets.switchTo(keyOfModel(1));
	run.db.run(
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
		INSERT INTO chunks (note_seq, ordinal, start_offset, end_offset, chunker, hash)
		SELECT (SELECT min(seq) FROM notes), 100 + i, 0, 1, 1, 'hash ' || i FROM n;
		INSERT INTO chunk_vectors (chunk_id, model_id, vector)
		SELECT id, '${keyOfModel(0)}', zeroblob(64) FROM chunks WHERE ordinal > 100`
	);
	const kept = (): number =>
		run.core.sets.list().find(({ versionKey }) => versionKey === keyOfModel(0))?.vectors ?? 0;
	const before = kept();
	const removing = run.core.sets.remove(keyOfModel(0));
	run.core.sets.switchTo(keyOfModel(0));
	const { vectors, bytes } = await removing;
	expect(vectors).toBe(before - kept());
	expect(bytes).toBe(vectors * 16 * 4);
	expect(kept()).toBeGreaterThan(0);
});

test('how far the set beside the active one is, is counted once for many searches', async () => {
	const run = await started();
	run.core.sets.setNext(models[1].version);
	run.core.jobs.start({ kind: 'new-model' });
	while ((await work(run, keyOfModel(1), 50)) > 0);
	await run.core.sets.open(keyOfModel(1));
	const get = vi.spyOn(run.db, 'get');
	const counts = (): number => get.mock.calls.filter(([sql]) => sql.includes('lacking')).length;
	const ask = (): void => {
		const text = 'tyre river';
		const vector = embedderOf(keyOfModel(1)).embed(text);
		const request = { text, mode: 'hybrid', limit: 3, vector } as const;
		const { coverage } = run.core.search({ ...request, versionKey: keyOfModel(1) });
		expect(coverage.indexedNotes).toBe(coverage.indexableNotes);
	};
	for (let i = 0; i < 3; i += 1) ask();
	expect(counts()).toBe(1);
	const written = run.core.writes.create(anId(), aDraft({ title: 'One more', body: 'tyre' }));
	commit(run, written);
	while ((await work(run, keyOfModel(1), 50)) > 0);
	ask();
	expect(counts()).toBe(2);
});

test('an edit while the new set is made reaches both sets', async () => {
	const run = await started();
	run.core.sets.setNext(models[1].version);
	await finishAll(run);
	const noteId = noteAt(run, 0, false) ?? '';
	const save = { writeId: anId(), noteId, change: { body: 'Only this.' }, baseUpdatedAtMs: null };
	commit(run, run.core.writes.save(save));
	expect(run.core.indexing.progress()).toMatchObject({
		pendingPassages: 1,
		next: { pendingPassages: 1, paused: false }
	});
	expect(await work(run, keyOfModel(0), 9)).toBe(1);
	expect(await work(run, keyOfModel(1), 9)).toBe(1);
});

test('a vector of a model whose set is not at hand is not compared with another model’s', async () => {
	const run = await started();
	// Model c has as many numbers as a: only its name tells them apart.
	expect(found(run, keyOfModel(2), 'tyre river')).toEqual([]);
});
