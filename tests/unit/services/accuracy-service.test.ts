import { toVersionKey } from '$lib/domain/embedding-version';
import type { SearchRequest } from '$lib/domain/search';
import { createAccuracyService, type AccuracyDeps } from '$lib/services/accuracy-service';
import { expect, test } from 'vitest';
import { createTestCore, type TestCore } from '../../support/test-core';

/** The service over the real search of a notebook in memory. */
const startWith = (core: TestCore, change: Partial<AccuracyDeps> = {}) => {
	const asked: SearchRequest[] = [];
	const service = createAccuracyService({
		db: {
			search: (request) => {
				asked.push(request);
				return Promise.resolve(core.search(request));
			},
			readNotes: (after, limit) =>
				Promise.resolve(core.notes.readAfter(after, limit).map(({ note }) => note)),
			getNote: (id) => Promise.resolve(core.notes.find(id)?.note ?? null),
			getSetting: (key) => Promise.resolve(core.settings.get(key)),
			setSetting: (key, value) => Promise.resolve(core.settings.set(key, value))
		},
		embedQuery: (text) => Promise.resolve(core.embedder.embed(text)),
		modelKey: () => toVersionKey(core.embedder.version),
		now: () => 5_000,
		elapsed: () => performance.now(),
		...change
	});
	return { service, asked };
};

const animals = ['otter', 'badger', 'heron', 'marten', 'lynx', 'stork', 'beaver', 'weasel'];

const fill = (core: TestCore): void => {
	for (const [i, animal] of animals.entries()) {
		const other = animals[(i + 1) % animals.length] ?? '';
		core.create({
			title: `The ${animal} by the river`,
			body: `## Where the ${animal} sleeps\n\nThe ${animal} eats fish, not like [[The ${other} by the river]] over there.`
		});
	}
};

test('questions from the notes are asked in three ways and the right note is counted', async () => {
	const core = await createTestCore();
	fill(core);
	await core.embedAll();
	const { service } = startWith(core);
	const accuracy = await service.evaluate();
	expect(accuracy).toMatchObject({
		queries: 24,
		enough: true,
		model: toVersionKey(core.embedder.version)
	});
	for (const mode of ['keyword', 'semantic', 'hybrid'] as const) {
		const { hitAt1, hitAt5, mrrAt10, p50Ms, p95Ms } = accuracy[mode];
		expect(hitAt1).toBeGreaterThan(0.6);
		expect(hitAt5).toBeGreaterThanOrEqual(hitAt1);
		expect(mrrAt10).toBeGreaterThanOrEqual(hitAt1);
		expect(p95Ms).toBeGreaterThanOrEqual(p50Ms);
		expect(accuracy.missesByMode[mode]).toHaveLength(Math.round(24 * (1 - hitAt1)));
	}
	expect(JSON.parse(JSON.stringify(accuracy))).toEqual(accuracy);
});

test('the same notes give the same scores and the same misses', async () => {
	const core = await createTestCore();
	fill(core);
	await core.embedAll();
	const { service } = startWith(core, { elapsed: () => 0 });
	expect(await service.evaluate()).toEqual(await service.evaluate());
});

test('under twenty questions nothing is judged, and none at all are no history', async () => {
	const core = await createTestCore();
	const { service } = startWith(core);
	core.indexing.activate(core.embedder.version);
	expect(await service.evaluate()).toMatchObject({ queries: 0, enough: false, misses: [] });
	expect(await service.history()).toEqual([]);
	core.create({ title: 'Only one', body: 'note' });
	expect(await service.evaluate()).toMatchObject({ queries: 1, enough: false });
	expect(await service.history()).toHaveLength(1);
});

test('a pinned query is asked, names what came instead, and goes with the notebook', async () => {
	const core = await createTestCore();
	fill(core);
	const wanted = core.create({ title: 'Knots', body: 'Bowline and sheet bend.' });
	await core.embedAll();
	const { service } = startWith(core);
	await service.pin('  the otter by the river ', wanted.id);
	expect(await service.pins()).toEqual([
		{ query: 'the otter by the river', noteId: wanted.id, title: 'Knots' }
	]);
	const { misses } = await service.evaluate({ mode: 'keyword' });
	expect(misses[0]).toEqual({
		query: 'the otter by the river',
		expected: 'Knots',
		got: 'The otter by the river'
	});
	await expect(startWith(core).service.pins()).resolves.toHaveLength(1);
});

test('a query has one right note: the last that was said, until it is unpinned', async () => {
	const core = await createTestCore();
	const [a, b] = [core.create({ title: 'A' }), core.create({ title: 'B' })];
	const { service } = startWith(core);
	await Promise.all([
		service.pin('knots', a.id),
		service.pin('ropes', a.id),
		service.pin('Knots', b.id)
	]);
	expect((await service.pins()).map(({ query, title }) => [query, title])).toEqual([
		['ropes', 'A'],
		['Knots', 'B']
	]);
	core.commit(core.writes.setTrashed(b.id, true));
	expect((await service.pins()).map(({ title }) => title)).toEqual(['A', null]);
	await service.unpin('knots');
	await expect(service.pin('   ', a.id)).rejects.toMatchObject({ code: 'input-invalid' });
	expect(await service.pins()).toHaveLength(1);
});

test('the note that a link stands in does not count as its answer', async () => {
	const core = await createTestCore();
	core.create({ title: 'Knots', body: 'A bowline holds the boat at the pier.' });
	core.create({ title: 'Log', body: 'The bowline held the boat at the pier, see [[Knots]].' });
	await core.embedAll();
	const { missesByMode } = await startWith(core).service.evaluate();
	expect(missesByMode.keyword).toEqual([]);
});

test('the history has one line a run, newest first, and no text of a note', async () => {
	const core = await createTestCore();
	fill(core);
	await core.embedAll();
	let now = 1_000;
	const { service } = startWith(core, { now: () => now });
	await service.evaluate();
	now = 2_000;
	await service.evaluate();
	const history = await service.history();
	expect(history.map(({ atMs }) => atMs)).toEqual([2_000, 1_000]);
	expect(JSON.stringify(history)).not.toMatch(/otter|river/);
});

test('another model can be asked the same questions, and leaves no line in the history', async () => {
	const core = await createTestCore();
	fill(core);
	await core.embedAll();
	const { service, asked } = startWith(core);
	const search = {
		model: 'other@1/q8/4',
		embedQuery: () => Promise.resolve(new Float32Array(4)),
		search: (request: SearchRequest) =>
			Promise.resolve(core.search({ ...request, mode: 'keyword' }))
	};
	const { model, queries } = await service.evaluate({ search });
	expect({ model, queries, asked, history: await service.history() }).toEqual({
		...{ model: 'other@1/q8/4', queries: 24, asked: [], history: [] }
	});
});

test('the weight of meaning is fitted to linked notes, kept in the notebook and can be let go', async () => {
	const core = await createTestCore();
	for (let i = 0; i < 20; i += 1) {
		core.create({ title: `Subject ${i}`, body: `word${i} and water` });
		core.create({ title: '', body: `Today word${i} water was seen, [[Subject ${i}]].` });
	}
	await core.embedAll();
	const { service } = startWith(core);
	const found = await service.calibrate();
	expect(found.before).toBe(0.3);
	expect(found.mrrAt10).toBeGreaterThanOrEqual(Math.min(found.mrrAt10Before, found.wordsMrrAt10));
	expect(await service.weight()).toEqual({
		share: found.weight,
		isFitted: found.weight !== found.before
	});
	core.settings.set('search.meaning-weight.fake-words', '0.5');
	expect(await service.weight()).toEqual({ share: 0.5, isFitted: true });
	await service.forgetWeight();
	expect(await service.weight()).toEqual({ share: 0.3, isFitted: false });
}, 120_000);

test('the weight of meaning is not fitted to fewer than twenty sentences', async () => {
	const core = await createTestCore();
	fill(core);
	await core.embedAll();
	await expect(startWith(core).service.calibrate()).rejects.toThrow(/Only 8 of your questions/);
});

test('cancelling ends it at the next question and keeps nothing', async () => {
	const core = await createTestCore();
	fill(core);
	await core.embedAll();
	const { service } = startWith(core);
	const stop = new AbortController();
	const steps: number[] = [];
	const running = service.evaluate({
		signal: stop.signal,
		onProgress: ({ done, total }) => {
			if (total === 24) steps.push(done);
			if (done === 3) stop.abort();
		}
	});
	await expect(service.evaluate()).rejects.toMatchObject({ code: 'busy' });
	await expect(running).rejects.toMatchObject({ code: 'cancelled' });
	expect(steps).toEqual([0, 1, 2, 3]);
	expect(await service.history()).toEqual([]);
	expect((await service.evaluate()).queries).toBe(24);
});

test('a question that the model cannot read is a miss of meaning, not the end of the measurement', async () => {
	const core = await createTestCore();
	fill(core);
	core.create({ title: '自転車の修理', body: 'タイヤ' });
	await core.embedAll();
	const { service } = startWith(core, {
		embedQuery: (text) => Promise.resolve(text.includes('修') ? null : core.embedder.embed(text))
	});
	const { queries, missesByMode } = await service.evaluate();
	expect(queries).toBe(25);
	const missed = (mode: 'semantic' | 'hybrid') => missesByMode[mode].map(({ query }) => query);
	expect(missed('semantic')).toContain('自転車の修理');
	expect(missed('hybrid')).not.toContain('自転車の修理');
});

test('a model that is still being started is waited for', async () => {
	const core = await createTestCore();
	fill(core);
	await core.embedAll();
	let key: string | null = null;
	const { service } = startWith(core, {
		modelKey: () => key,
		embedQuery: (text) => {
			key = toVersionKey(core.embedder.version);
			return Promise.resolve(core.embedder.embed(text));
		}
	});
	expect((await service.evaluate()).model).toBe(key);
});

test.each([
	['is not loaded', { modelKey: () => null }],
	['does not answer', { embedQuery: () => Promise.resolve(null) }]
])('a model that %s is said, not counted as a bad search', async (_, change) => {
	const core = await createTestCore();
	fill(core);
	const { service } = startWith(core, change);
	await expect(service.evaluate()).rejects.toMatchObject({ code: 'model-missing' });
	expect(await service.history()).toEqual([]);
});
