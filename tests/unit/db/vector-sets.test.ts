import { expect, test, vi } from 'vitest';
import { aDraft, anId } from '../../support/note-builder';
import {
	commit,
	embedderOf,
	finishAll,
	found,
	keyOfModel,
	models,
	noteAt,
	one,
	openCore,
	started,
	work
} from '../../support/vector-run';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

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
