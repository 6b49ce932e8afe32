import { toVersionKey } from '$lib/domain/embedding-version';
import { notesLeft } from '$lib/domain/index-rules';
import { expect, test, vi } from 'vitest';
import { anId } from '../../support/note-builder';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

const noPassage = { chunkId: 0, hash: '' };

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const key = (core: TestCore): string => toVersionKey(core.embedder.version);
const claim = async (core: TestCore) => core.indexing.claim(key(core), 48);

const withNotes = async (count: number): Promise<TestCore> => {
	const core = await createTestCore();
	for (let i = 0; i < count; i += 1) core.create({ title: `Note ${i}` });
	await core.embedAll();
	return core;
};

test('a job that waits for the user to pause rests while he works, and what he writes is read all the same', async () => {
	const core = await withNotes(5);
	core.jobs.start({ kind: 'regenerate-all', whenIdle: true });
	expect(await claim(core)).toEqual([]);
	expect(core.indexing.progress()).toMatchObject({ resting: true, pendingPassages: 5 });
	core.create({ title: 'Just written' });
	expect((await claim(core)).map(({ text }) => text)).toEqual([
		expect.stringMatching(/^Just written/)
	]);
	core.jobs.setIdle(true);
	expect(core.indexing.progress().resting).toBe(false);
	expect(await claim(core)).toHaveLength(6);
	core.jobs.setIdle(false);
	expect(await claim(core)).toHaveLength(1);
	core.jobs.setIdle(true);
	expect(await core.embedAll()).toBe(6);
	expect(core.jobs.list()[0]).toMatchObject({ state: 'done', done: 5, whenIdle: true });
});

test('the size of a batch that was chosen for a job holds for it, also after a reload', async () => {
	const core = await withNotes(7);
	core.jobs.start({ kind: 'regenerate-all', batchSize: 3 });
	expect(await claim(core)).toHaveLength(3);
	core.refresh();
	expect(await claim(core)).toHaveLength(3);
	expect(core.jobs.list()[0]).toMatchObject({ batchSize: 3 });
	await core.embedAll();
	core.jobs.start({ kind: 'regenerate-all' });
	expect(await claim(core)).toHaveLength(7);
});

test('what was written just before a job is read at once, though the job took it over', async () => {
	const core = await withNotes(3);
	core.create({ title: 'Just written' });
	core.jobs.start({ kind: 'regenerate-all', whenIdle: true });
	expect((await claim(core)).map(({ text }) => text)).toEqual([
		expect.stringMatching(/^Just written/)
	]);
});

test('what is written while a job is paused is read all the same', async () => {
	const core = await withNotes(3);
	core.jobs.pause(core.jobs.start({ kind: 'regenerate-all' }).id);
	expect(await claim(core)).toEqual([]);
	core.create({ title: 'Just written' });
	expect(await core.embedAll()).toBe(1);
	expect(core.indexing.progress()).toMatchObject({ paused: true, pendingPassages: 3 });
});

test('the batch size of a job that is paused or rests does not hold for what was just written', async () => {
	const core = await withNotes(3);
	const { id } = core.jobs.start({ kind: 'regenerate-all', batchSize: 1, whenIdle: true });
	for (const title of ['One', 'Two', 'Three']) core.create({ title });
	expect(await claim(core)).toHaveLength(3);
	core.jobs.pause(id);
	expect(await claim(core)).toHaveLength(3);
});

test('a paused job takes nothing up, resting or not', async () => {
	const core = await withNotes(2);
	const { id } = core.jobs.start({ kind: 'regenerate-all', whenIdle: true });
	core.jobs.pause(id);
	core.jobs.setIdle(true);
	expect(await claim(core)).toEqual([]);
	expect(core.indexing.progress()).toMatchObject({ paused: true, resting: false });
});

test('what failed or had nothing to read is not waited for', async () => {
	const core = await withNotes(4);
	core.create({ title: 'bad' });
	core.jobs.start({ kind: 'regenerate-all' });
	const bad = (await claim(core)).find(({ text }) => text.startsWith('bad'));
	for (let i = 0; i < 3; i += 1) {
		await core.indexing.markFailed(key(core), bad ?? noPassage, 'broken');
	}
	const [job] = core.jobs.list();
	expect(job && notesLeft(job)).toBe(4);
	expect(await core.embedAll()).toBe(4);
	expect(core.jobs.list()[0]).toMatchObject({ state: 'done', done: 4, failed: 1 });
});

test('only what failed is tried again when that was asked for, and a refusal changes nothing', async () => {
	const core = await withNotes(2);
	for (const title of ['bad', 'not read yet']) core.create({ title });
	const bad = (await claim(core)).find(({ text }) => text.startsWith('bad'));
	for (let i = 0; i < 3; i += 1) {
		await core.indexing.markFailed(key(core), bad ?? noPassage, 'broken');
	}
	expect(core.jobs.start({ kind: 'regenerate-failed' })).toMatchObject({ total: 1 });
	expect(() => core.jobs.start({ kind: 'regenerate-failed' })).toThrow(
		expect.objectContaining({ code: 'busy' })
	);
});

test('a verdict about a text that was changed meanwhile does not fall on the new one', async () => {
	const core = await withNotes(1);
	const { id } = core.create({ title: '日本語のノート' });
	const claimed = (await claim(core)).find(({ text }) => text.includes('日本語'));
	const save = { writeId: 'w', noteId: id, baseUpdatedAtMs: null, change: { title: 'Words' } };
	core.commit(core.writes.save(save));
	core.cutter.finish();
	const [renewed] = await claim(core);
	expect(renewed?.chunkId).toBe(claimed?.chunkId);
	await core.indexing.markUnreadable(key(core), claimed ?? noPassage, 'nothing to read');
	expect((await claim(core)).map(({ text }) => text)).toEqual([renewed?.text]);
});

test('a second "regenerate missing" with nothing changed reads no model, though some passages hold nothing that it can read', async () => {
	const core = await withNotes(2);
	const noteId = core.create({ title: '日本語のノート' }).id;
	const readNothing = async (): Promise<void> => {
		for (const passage of await claim(core)) {
			await core.indexing.markUnreadable(key(core), passage, 'nothing to read');
		}
	};
	await readNothing();
	for (let round = 0; round < 2; round += 1) {
		const job = core.jobs.start({ kind: 'regenerate-missing' });
		expect(await claim(core)).toEqual([]);
		expect(job).toMatchObject({ state: 'done', done: 0, total: 0 });
	}
	const change = { body: 'Words at last.' };
	core.commit(core.writes.save({ writeId: anId(), noteId, change, baseUpdatedAtMs: null }));
	expect(await claim(core)).toHaveLength(1);
	await readNothing();
	core.indexing.activate({ ...core.embedder.version, modelId: 'another' });
	expect(core.indexing.progress().pendingPassages).toBe(3);
	core.indexing.activate(core.embedder.version);
	core.jobs.start({ kind: 'regenerate-all' });
	expect(await claim(core)).toHaveLength(3);
});

test('a batch of more passages than the model is ever given is refused', async () => {
	const core = await withNotes(1);
	const order = { kind: 'regenerate-all', batchSize: 999_999 } as const;
	expect(() => core.jobs.start(order)).toThrow(/at most 1,024 passages/);
	expect(core.jobs.list()).toEqual([]);
	expect(core.jobs.start({ ...order, batchSize: 1_024 })).toMatchObject({ state: 'running' });
});

test('how fast notes were read is known after the work, also when one batch was all of it', async () => {
	const core = await createTestCore();
	for (const title of ['One', 'Two']) core.create({ title });
	core.indexing.activate(core.embedder.version);
	expect(core.indexing.progress().notesPerSecond).toBeNull();
	const batch = await claim(core);
	core.clock.advance(500);
	const vectors = batch.map((each) => ({ ...each, vector: core.embedder.embed(each.text) }));
	await core.indexing.saveVectors(key(core), vectors);
	core.clock.advance(60_000);
	expect(core.indexing.progress()).toMatchObject({
		...{ pendingPassages: 0, notesPerSecond: null, lastNotesPerSecond: 4 }
	});
});
