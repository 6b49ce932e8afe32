import { toVersionKey } from '$lib/domain/embedding-version';
import { toBlob } from '$lib/domain/vector';
import type { Embedder } from '$lib/services/embedder';
import { createVectorCareService, type VectorCareDeps } from '$lib/services/vector-care-service';
import { expect, test, vi } from 'vitest';
import { createFakeEmbedder } from '../../support/fake-embedder';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const careOf = (core: TestCore, embed = core.embedder.embed) => {
	const versionKey = toVersionKey(core.embedder.version);
	const db = {
		getEmbedding: async (id: string) => Promise.resolve(core.embedding(id)),
		getNote: async (id: string) => Promise.resolve(core.notes.find(id)?.note ?? null),
		relatedNotes: async (id: string, limit: number) => Promise.resolve(core.related(id, limit)),
		checkVectors: async () => core.care.check(),
		repairVectors: async () => core.care.repair(),
		sampleVectors: async (count: number, seed: number) =>
			Promise.resolve(core.care.sample(count, seed)),
		getSetting: async (key: string) => Promise.resolve(core.settings.get(key)),
		setSetting: async (key: string, value: string) => Promise.resolve(core.settings.set(key, value))
	} as unknown as VectorCareDeps['db'];
	const embedder: Pick<Embedder, 'embedPassages' | 'embedQuery' | 'state'> = {
		state: { versionKey } as Embedder['state'],
		embedPassages: async (texts) => Promise.resolve(texts.map(embed)),
		embedQuery: async (text) => Promise.resolve({ vector: embed(text), versionKey })
	};
	return createVectorCareService({ db, embedder, now: () => 5_000 });
};

const filled = async (pause?: () => Promise<void>): Promise<TestCore> => {
	const core = await createTestCore(undefined, pause);
	for (let i = 0; i < 14; i += 1) {
		core.create({ title: `Note ${i}`, body: `River stone lamp ${i}` });
	}
	await core.embedAll();
	return core;
};

const spoil = (core: TestCore, title: string, vector: Float32Array): void => {
	core.db.run(
		`UPDATE chunk_vectors SET vector = $v WHERE chunk_id IN (
			SELECT c.id FROM chunks c JOIN notes n ON n.seq = c.note_seq WHERE n.title = $title)`,
		{ $v: toBlob(vector), $title: title }
	);
};

test('every kind of broken vector is counted, and a repair leaves none and makes them anew', async () => {
	const core = await filled();
	const care = careOf(core);
	expect(await care.check()).toMatchObject({ checked: 14, nan: 0, zero: 0, duplicate: 0 });
	spoil(core, 'Note 1', new Float32Array(64).fill(NaN));
	spoil(core, 'Note 2', new Float32Array(64));
	spoil(core, 'Note 3', new Float32Array(5).fill(1));
	spoil(core, 'Note 5', core.embedder.embed('Note 4\n\nRiver stone lamp 4'));
	core.db.run('PRAGMA foreign_keys = OFF');
	core.db.run(
		`INSERT INTO chunk_vectors SELECT 99999, model_id, vector FROM chunk_vectors LIMIT 1`
	);
	core.db.run('PRAGMA foreign_keys = ON');
	expect(await care.check()).toMatchObject({
		...{ checked: 15, nan: 1, zero: 1, wrongSize: 1, orphan: 1, duplicate: 1 }
	});
	const { removed, queued, after } = await care.repair();
	expect({ removed, queued }).toEqual({ removed: 4, queued: 5 });
	expect(after).toMatchObject({ nan: 0, zero: 0, wrongSize: 0, orphan: 0 });
	expect(await core.embedAll()).toBe(5);
	expect(await care.check()).toMatchObject({ checked: 14, duplicate: 0 });
	expect(core.indexing.status(null)).toMatchObject({ total: 14, indexed: 14 });
	expect(core.vectorIndex.notes).toBe(14);
});

test('a vector that the model made anew while the repair looked around is not removed', async () => {
	let whenPaused = (): void => undefined;
	const core = await filled(async () => Promise.resolve(whenPaused()));
	spoil(core, 'Note 1', new Float32Array(64));
	whenPaused = () => spoil(core, 'Note 1', core.embedder.embed('Note 1\n\nRiver stone lamp 1'));
	expect(await core.care.repair()).toEqual({ removed: 0, queued: 0 });
	expect(core.indexing.status(null)).toMatchObject({ total: 14, indexed: 14 });
});

test('of two equal vectors both are made anew: the earlier one may be the wrong one', async () => {
	const core = await filled();
	spoil(core, 'Note 4', core.embedder.embed('Note 5\n\nRiver stone lamp 5'));
	expect(await core.care.repair()).toEqual({ removed: 0, queued: 2 });
	expect(await core.embedAll()).toBe(2);
	expect(await core.care.check()).toMatchObject({ duplicate: 0 });
});

test('a repair queues in the set that it found the damage in, and nothing else', async () => {
	const core = await filled();
	const insert = (modelId: string, vector: string): void =>
		void core.db.run(
			`INSERT INTO chunk_vectors (chunk_id, model_id, vector)
			SELECT chunk_id, '${modelId}', ${vector} FROM chunk_vectors
			WHERE model_id = $active ORDER BY chunk_id LIMIT 3`,
			{ $active: toVersionKey(core.embedder.version) }
		);
	const coming = { ...core.embedder.version, modelId: 'coming', dimensions: 16 };
	insert('left-over@1/fp32/64', `(SELECT vector FROM chunk_vectors LIMIT 1)`);
	core.sets.setNext(coming);
	insert(toVersionKey(coming), 'zeroblob(64)');
	expect(await core.care.repair()).toEqual({ removed: 3, queued: 3 });
	expect(core.indexing.progress()).toMatchObject({
		pendingPassages: 0,
		next: { pendingPassages: 3 }
	});
});

test('ten passages that chance has chosen are embedded again, the same ones for the same seed', async () => {
	const core = await filled();
	const care = careOf(core);
	expect(await care.lastDrift()).toBeNull();
	const first = await care.checkDrift(3);
	expect(first).toMatchObject({ passed: true, seed: 3, atMs: 5_000 });
	expect(first.lowest).toBeGreaterThan(0.999);
	expect(new Set(first.passages.map(({ noteId }) => noteId)).size).toBe(10);
	expect(await care.checkDrift(3)).toEqual(first);
	expect((await care.checkDrift(4)).passages).not.toEqual(first.passages);
	expect(await care.lastDrift()).toMatchObject({ seed: 4 });
});

test('a model that gives other vectors than before is told, and so is one that reads nothing', async () => {
	const core = await filled();
	const other = createFakeEmbedder();
	const drifted = careOf(core, (text) => other.embed(`${text} and more`));
	expect(await drifted.checkDrift(1)).toMatchObject({ passed: false });
	const mute = careOf(core, () => null as unknown as Float32Array);
	expect(await mute.checkDrift(1)).toMatchObject({ passed: false, lowest: 0 });
});

test('an empty notebook has nothing to check for drift, and says so', async () => {
	const core = await createTestCore();
	await expect(careOf(core).checkDrift(1)).rejects.toMatchObject({ code: 'input-invalid' });
});

test('a note shows what made its vectors, its neighbours, and how near a query is', async () => {
	const core = await filled();
	const care = careOf(core);
	const { id } = core.create({ title: 'Bicycle', body: 'A flat tyre.' });
	await core.embedAll();
	const note = await care.inspect(id);
	expect(note).toMatchObject({
		title: 'Bicycle',
		modelId: 'fake-words',
		revision: '1',
		dtype: 'fp32',
		dimensions: 64
	});
	expect(note.nearest).toHaveLength(8);
	const [near] = await care.compare(note, 'bicycle tyre');
	const [far] = await care.compare(note, 'river lamp');
	expect(near).toBeGreaterThan(far ?? 1);
	await expect(care.compare({ ...note, model: 'other@1/q8/2' }, 'x')).rejects.toMatchObject({
		code: 'model-missing'
	});
});

test('a faulty vector is no sign of drift, and the sample is as large without it', async () => {
	const core = await filled();
	for (const at of [0, 1, 2]) spoil(core, `Note ${at}`, new Float32Array(64));
	spoil(core, 'Note 3', new Float32Array(5).fill(1));
	const check = await careOf(core).checkDrift(3);
	expect(check.passed).toBe(true);
	expect(check.passages).toHaveLength(10);
});

test('another model than that of the vectors is no drift either: the check is refused', async () => {
	const core = await filled();
	const coming = { ...core.embedder.version, revision: '2' };
	const care = careOf({ ...core, embedder: { ...core.embedder, version: coming } });
	await expect(care.checkDrift(1)).rejects.toMatchObject({ code: 'model-missing' });
	expect(await care.lastDrift()).toBeNull();
});

test.each([
	['of the wrong size', new Float32Array(5).fill(1)],
	['that is no number', new Float32Array(64).fill(NaN)]
])(
	'a vector %s is shown as not to be compared, and the note still has its neighbours',
	async (_, broken) => {
		const core = await filled();
		const body = Array.from({ length: 400 }, (__, i) => `river ${i}`).join(' ');
		const { id } = core.create({ title: 'Long', body });
		await core.embedAll();
		core.db.run(
			`UPDATE chunk_vectors SET vector = $v WHERE chunk_id = (
			SELECT min(c.id) FROM chunks c JOIN notes n ON n.seq = c.note_seq WHERE n.id = $id)`,
			{ $v: toBlob(broken), $id: id }
		);
		const care = careOf(core);
		const note = await care.inspect(id);
		const [faulty, ...others] = await care.compare(note, 'river');
		expect(faulty).toBeNull();
		expect(others.length).toBeGreaterThan(0);
		for (const near of others) expect(near).toBeGreaterThan(0);
		expect(note.nearest[0]?.similarity).toBeGreaterThan(0);
	}
);
