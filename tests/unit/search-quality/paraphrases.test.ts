import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toVersionKey } from '$lib/domain/embedding-version';
import { startMeasuredModels } from '../../../tools/measure/models';
import { createTestCore } from '../../support/test-core';

interface Pair {
	readonly query: string;
	readonly title: string;
	readonly body: string;
}

const pairs = JSON.parse(readFileSync('tests/fixtures/paraphrase-pairs.json', 'utf8')) as Pair[];

test('at least four of five questions find first, by meaning alone, the note that shares no word with them', async () => {
	const model = startMeasuredModels('/tmp/ai-notes-vectors').find(
		({ modelId }) => modelId === 'combined-en'
	);
	if (!model) throw new Error('the bundled default is missing');
	const core = await createTestCore();
	for (const { title, body } of pairs) core.create({ title, body });
	const version = { ...model, revision: 'measured', dtype: 'measured' };
	core.indexing.activate(version);
	await core.vectorIndex.loaded();
	const key = toVersionKey(version);
	const passages = await core.indexing.claim(key, 1_000);
	const vectors = await model.embed(passages.map(({ text }) => text));
	await core.indexing.saveVectors(
		key,
		passages.flatMap(({ chunkId, hash }, i) => {
			const vector = vectors[i];
			return vector ? [{ chunkId, hash, vector }] : [];
		})
	);
	let first = 0;
	for (const { query, title } of pairs) {
		const vector = await model.embedQuery(query);
		const { results } = core.search({ text: query, mode: 'semantic', limit: 1, vector });
		if (results[0]?.title === title) first += 1;
	}
	const found = async (text: string, mode: 'semantic' | 'hybrid'): Promise<number> =>
		core.search({ text, mode, limit: 5, vector: await model.embedQuery(text) }).results.length;
	let silent = 0;
	for (const nonsense of ['asdf jkl qwer', 'lkjh gfds', 'xqzjv', 'zxcvbnm', 'qwertz', 'fjdksla']) {
		const counts = [await found(nonsense, 'semantic'), await found(nonsense, 'hybrid')];
		expect(counts[0]).toBe(counts[1]);
		if (counts[0] === 0) silent += 1;
	}
	expect(silent).toBeGreaterThanOrEqual(1);
	expect(pairs.length).toBeGreaterThanOrEqual(60);
	expect(first / pairs.length).toBeGreaterThanOrEqual(0.8);
}, 120_000);
