import { dot, normalise } from '$lib/domain/vector';
import { createPlainKernel } from '$lib/db/search/plain-kernel';
import { createSimdKernel } from '$lib/db/search/vector-kernel';
import { createVectorScan } from '$lib/db/search/vector-scan';
import type { SearchMode } from '$lib/domain/search';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FakeEmbedder } from '../../../support/fake-embedder';
import { createTestCore, type TestCore } from '../../../support/test-core';

const search = (core: TestCore, text: string, mode: SearchMode = 'keyword', tag?: string) =>
	core.search({
		text,
		mode,
		limit: 10,
		vector: mode === 'keyword' ? null : core.embedder.embed(text),
		...(tag === undefined ? {} : { tag })
	});

const titles = (...args: Parameters<typeof search>): string[] =>
	search(...args).results.map(({ title }) => title);

/** A model that knows which words mean the same: those of one row are one direction. */
const knowing = (...meanings: readonly string[][]): FakeEmbedder => {
	const dimensions = meanings.length + 1;
	return {
		version: { modelId: 'use-lite', revision: 'test', dtype: 'fp32', dimensions },
		embed: (text) => {
			const vector = new Float32Array(dimensions);
			vector[dimensions - 1] = 0.2;
			meanings.forEach((words, place) => {
				const found = words.filter((word) => text.toLowerCase().includes(word)).length;
				vector[place] = found;
			});
			return normalise(vector);
		}
	};
};

describe('words', () => {
	test('are found in any form, in title, text and tags, the title first', async () => {
		const core = await createTestCore();
		core.create({ title: 'In the text', body: 'My bicycles need repairing.' });
		core.create({ title: 'Bicycle', body: 'nothing' });
		core.create({ title: 'Tagged', body: 'nothing', tags: ['bicycle'] });
		core.create({ title: 'Other', body: 'nothing' });
		expect(titles(core, 'bicycle')).toEqual(['Bicycle', 'Tagged', 'In the text']);
		expect(titles(core, 'how do I repair the bicycle')[0]).toBe('In the text');
	});

	test('are marked in the passage shown', async () => {
		const core = await createTestCore();
		core.create({ title: 'T', body: `${'filler '.repeat(100)} my **bicycles** are here` });
		const [result] = search(core, 'bicycle').results;
		expect(result?.snippet.filter(({ mark }) => mark)).toEqual([{ text: 'bicycles', mark: true }]);
		expect(result).toMatchObject({ why: 'words', keywordRank: 1, semanticRank: null });
	});

	test('may still be being typed, and exact finds stay above', async () => {
		const core = await createTestCore();
		core.create({ title: 'Category theory', body: '' });
		core.create({ title: 'My cat', body: '' });
		expect(titles(core, 'bicyc')).toEqual([]);
		expect(titles(core, 'cat')).toEqual(['My cat', 'Category theory']);
	});

	test('without accents find those with accents', async () => {
		const core = await createTestCore();
		core.create({ title: 'Café Zürich', body: '' });
		expect(titles(core, 'cafe zurich')).toEqual(['Café Zürich']);
	});

	test('of Japanese and Chinese are found inside a sentence', async () => {
		const core = await createTestCore();
		core.create({ title: '休日', body: '昨日は自転車の修理をしました。' });
		core.create({ title: '料理', body: '今日は魚を焼きました。' });
		const { results } = search(core, '自転車');
		expect(results.map(({ title }) => title)).toEqual(['休日']);
		expect(results[0]?.snippet.find(({ mark }) => mark)?.text).toBe('自転車');
		expect(titles(core, '自転車を修理する')).toEqual(['休日']);
	});

	test('within a tag, and never in the trash', async () => {
		const core = await createTestCore();
		core.create({ title: 'Bike at work', tags: ['work'] });
		core.create({ title: 'Bike at home', tags: ['home'] });
		expect(titles(core, 'bike', 'keyword', 'home')).toEqual(['Bike at home']);
	});

	test('whatever is typed, the search answers', async () => {
		const core = await createTestCore();
		core.create({ title: 'NEAR miss', body: 'AND OR NOT "quoted" col:umn ^start -minus (x' });
		const typed = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc
				.array(
					fc.constantFrom('"', '*', 'NEAR(', ')', '^', ':', '-', '+', 'AND', 'OR', 'NOT', ' ', 'x')
				)
				.map((parts) => parts.join(''))
		);
		fc.assert(
			fc.property(typed, (text) => {
				expect(Array.isArray(search(core, text).results)).toBe(true);
			}),
			{ numRuns: 300 }
		);
		expect(titles(core, 'NOT "quoted')).toEqual(['NEAR miss']);
	});
});

describe('meaning', () => {
	const embedder = knowing(
		['bike', 'bicycle', 'tyre'],
		['cake', 'bake'],
		['fix', 'mend', 'repair'],
		['budget', 'money']
	);

	const notebook = async (): Promise<TestCore> => {
		const core = await createTestCore(embedder);
		core.create({ title: 'Bicycle maintenance', body: 'Mend a flat tyre in ten minutes.' });
		core.create({ title: 'Release plan', body: 'We fix the date on Monday.' });
		core.create({ title: 'Sunday', body: 'Bake a cake.' });
		core.create({ title: 'Money', body: 'The budget of this year.' });
		for (let i = 0; i < 20; i += 1) core.create({ title: `Diary ${i}`, body: 'Rain again.' });
		await core.embedAll();
		return core;
	};

	test('finds a note that shares no word with the question', async () => {
		const core = await notebook();
		expect(titles(core, 'how do I fix my bike', 'semantic')[0]).toBe('Bicycle maintenance');
	});

	test('comes first also when one unrelated note has one of the words', async () => {
		const core = await notebook();
		expect(titles(core, 'how do I fix my bike')).toEqual(['Release plan']);
		const [first, ...rest] = search(core, 'how do I fix my bike', 'hybrid').results;
		expect(first).toMatchObject({ title: 'Bicycle maintenance', why: 'meaning' });
		expect(first?.snippet[0]?.text).toContain('flat tyre');
		expect(rest.map(({ title }) => title)).toContain('Release plan');
	});

	test('leaves the order to words where words answer', async () => {
		const core = await notebook();
		const [first] = search(core, 'release plan Monday', 'hybrid').results;
		expect(first).toMatchObject({ title: 'Release plan', keywordRank: 1 });
	});

	test('a hybrid search without a vector says that it went by words', async () => {
		const core = await notebook();
		const answer = core.search({ text: 'cake', mode: 'hybrid', limit: 5, vector: null });
		expect(answer.mode).toBe('keyword');
		expect(answer.results[0]?.title).toBe('Sunday');
	});

	test('says how many notes it has seen', async () => {
		const core = await createTestCore(embedder);
		core.create();
		core.create({ title: '', body: '' });
		core.indexing.activate(embedder.version);
		await core.vectorIndex.loaded();
		expect(search(core, 'x', 'semantic').coverage).toEqual({ indexedNotes: 0, indexableNotes: 1 });
		await core.embedAll();
		expect(search(core, 'x', 'semantic').coverage).toEqual({ indexedNotes: 1, indexableNotes: 1 });
	});

	test('related notes are those about the same, without the note itself and the trash', async () => {
		const core = await notebook();
		const bike = core.create({ title: 'Tyre pressure', body: 'of my bike' });
		const gone = core.create({ title: 'Old bike', body: 'bicycle' });
		await core.embedAll();
		core.commit(core.writes.setTrashed(gone.id, true));
		const related = core.related(bike.id, 3);
		expect(related[0]?.title).toBe('Bicycle maintenance');
		expect(related.map(({ noteId }) => noteId)).not.toContain(bike.id);
		expect(related.map(({ noteId }) => noteId)).not.toContain(gone.id);
		expect(core.related(core.create({ title: '', body: '' }).id, 3)).toEqual([]);
	});

	test('is there again after the notebook was opened anew', async () => {
		const core = await notebook();
		core.refresh();
		await core.vectorIndex.loaded();
		expect(titles(core, 'bike', 'semantic')[0]).toBe('Bicycle maintenance');
		expect(core.indexing.activeKey()).toContain('use-lite');
	});
});

describe('the scan of all vectors', () => {
	type Step =
		| {
				readonly kind: 'set';
				readonly chunk: number;
				readonly seq: number;
				readonly vector: number[];
		  }
		| { readonly kind: 'chunk'; readonly chunk: number }
		| { readonly kind: 'note'; readonly seq: number };
	const id = fc.integer({ min: 1, max: 12 });
	const vector = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 });
	const kernels = [
		['by the kernel', (length = 3) => createSimdKernel(length) ?? expect.fail('no SIMD')],
		['without SIMD', (length = 3) => createPlainKernel(length)]
	] as const;
	const step: fc.Arbitrary<Step> = fc.oneof(
		{
			weight: 4,
			arbitrary: fc.record({ kind: fc.constant('set' as const), chunk: id, seq: id, vector })
		},
		fc.record({ kind: fc.constant('chunk' as const), chunk: id }),
		fc.record({ kind: fc.constant('note' as const), seq: id })
	);

	test.each(kernels)('finds exactly what comparing one by one finds, %s', (_, createKernel) => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), vector, (steps, query) => {
				const scan = createVectorScan(3, createKernel());
				const plain = new Map<number, { seq: number; vector: Float32Array }>();
				for (const one of steps) {
					if (one.kind === 'set') {
						scan.set(one.chunk, one.seq, new Float32Array(one.vector));
						plain.set(one.chunk, { seq: one.seq, vector: new Float32Array(one.vector) });
					} else if (one.kind === 'chunk') {
						scan.removeChunk(one.chunk);
						plain.delete(one.chunk);
					} else {
						scan.removeNote(one.seq);
						for (const [chunk, { seq }] of plain) if (seq === one.seq) plain.delete(chunk);
					}
				}
				const best = new Map<number, number>();
				for (const { seq, vector: row } of plain.values()) {
					const similarity = dot(row, new Float32Array(query));
					best.set(seq, Math.max(best.get(seq) ?? -Infinity, similarity));
				}
				const hits = scan.nearest(new Float32Array(query), 100, () => true);
				expect(new Map(hits.map(({ seq, similarity }) => [seq, similarity]))).toEqual(best);
				expect(scan.passages).toBe(plain.size);
				expect(scan.notes).toBe(best.size);
			})
		);
	});

	test('the kernel and the plain loop agree on many long vectors', () => {
		const length = 500; // not a multiple of what the kernel takes at once
		const numbers = (seed: number): Float32Array =>
			Float32Array.from({ length }, (_, i) => Math.sin(seed * 7.3 + i * (1 + (seed % 5))));
		const scans = kernels.map(([, createKernel]) => createVectorScan(length, createKernel(length)));
		for (let row = 0; row < 5_000; row += 1) {
			for (const scan of scans) scan.set(row, row >> 1, numbers(row));
		}
		const [simd, plain] = scans.map((scan) => scan.nearest(numbers(-1), 20, (seq) => seq % 3 > 0));
		expect(simd).toHaveLength(20);
		simd?.forEach(({ similarity, ...hit }, i) => {
			expect(plain?.[i]).toMatchObject(hit);
			expect(plain?.[i]?.similarity).toBeCloseTo(similarity, 3);
		});
	});

	test('a vector of another length is a bug and is refused', () => {
		expect(() => createVectorScan(3).set(1, 1, new Float32Array(2))).toThrow(RangeError);
	});
});
