import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toVersionKey } from '../src/lib/domain/embedding-version';
import { meaningWeightSetting } from '../src/lib/domain/meaning-weight';
import { ndcgAt10 } from '../src/lib/domain/ranking-scores';
import type { SearchMode } from '../src/lib/domain/search';
import { parseCollection, type TestCollection } from '../src/lib/domain/test-collection';
import { createTestCore, type TestCore } from '../tests/support/test-core';
import { startMeasuredModels, type MeasuredModel } from './measure/models';

const memory = '/tmp/ai-notes-vectors';
const weights = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4];

/**
 * The bundled models in the whole search of the app, run in Node: `node tools/run.mjs
 * tools/measure-search.ts FOLDER [dev] [model …]`. FOLDER holds a collection in BEIR's form; the pairs of
 * tests/fixtures/paraphrase-pairs.json are measured beside it. The first run takes half an hour; vectors
 * are kept in /tmp.
 */
export const main = async ([folder, ...rest]: string[]): Promise<void> => {
	if (!folder) throw new Error('usage: tools/measure-search.ts FOLDER [dev] [model …]');
	const suffix = rest[0] === 'dev' ? '-dev' : '';
	const chosen = rest.filter((word) => word !== 'dev');
	const collection = readCollection(folder, suffix);
	const models = startMeasuredModels(memory).filter(
		({ modelId }) => chosen.length === 0 || chosen.includes(modelId)
	);
	for (const model of models) await measurePairs(model);
	const core = await createTestCore();
	const idOf = fill(core, collection);
	console.log(`${collection.documents.length} documents, ${collection.queries.length} questions`);
	let isFirst = true;
	for (const model of models) {
		await embedAll(core, model);
		if (isFirst) await report(core, collection, { idOf, model, mode: 'keyword' });
		isFirst = false;
		await report(core, collection, { idOf, model, mode: 'semantic' });
		for (const weight of weights) {
			core.settings.set(meaningWeightSetting(model.modelId), String(weight));
			await report(core, collection, { idOf, model, mode: 'hybrid' }, weight);
		}
	}
};

const readCollection = (folder: string, suffix: string): TestCollection => {
	const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
	return parseCollection({
		corpus: read('corpus.jsonl'),
		queries: read(`queries${suffix}.jsonl`),
		qrels: read(`qrels${suffix}.tsv`)
	});
};

/** Every document becomes a note; answers its id in the collection. */
const fill = (core: TestCore, { documents }: TestCollection): ReadonlyMap<string, string> =>
	new Map(documents.map(({ id, title, text }) => [core.create({ title, body: text }).id, id]));

const embedAll = async (core: TestCore, { modelId, dimensions, embed }: MeasuredModel) => {
	const version = { modelId, revision: 'measured', dtype: 'measured', dimensions };
	const key = toVersionKey(version);
	core.indexing.activate(version);
	await core.vectorIndex.loaded();
	for (;;) {
		const batch = await core.indexing.claim(key, 1024);
		if (batch.length === 0) return;
		const vectors = await embed(batch.map(({ text }) => text));
		const read = batch.flatMap(({ chunkId, hash }, i) => {
			const vector = vectors[i];
			return vector ? [{ chunkId, hash, vector }] : [];
		});
		await core.indexing.saveVectors(key, read);
		for (const [i, passage] of batch.entries()) {
			if (!vectors[i]) await core.indexing.markUnreadable(key, passage, 'nothing to read');
		}
	}
};

interface Run {
	readonly idOf: ReadonlyMap<string, string>;
	readonly model: MeasuredModel;
	readonly mode: SearchMode;
}

const report = async (core: TestCore, { queries }: TestCollection, run: Run, weight?: number) => {
	const { idOf, model, mode } = run;
	const vectors = await embedQueries(model, queries);
	const scores = queries.map(({ text, relevant }, i) => {
		const { results } = core.search({ text, mode, limit: 10, vector: vectors[i] ?? null });
		return ndcgAt10(
			results.map(({ noteId }) => idOf.get(noteId) ?? ''),
			relevant
		);
	});
	const name = mode === 'keyword' ? 'words' : `${model.modelId} ${mode}`;
	console.log(`${name} ${weight ?? ''}  nDCG@10 ${mean(scores).toFixed(4)}`);
};

const embedQueries = async (
	model: MeasuredModel,
	queries: readonly { readonly text: string }[]
): Promise<(Float32Array | null)[]> => {
	const vectors: (Float32Array | null)[] = [];
	for (const { text } of queries) vectors.push(await model.embedQuery(text));
	return vectors;
};

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

interface Pair {
	readonly query: string;
	readonly title: string;
	readonly body: string;
}

/** How many questions find first the one note among all that answers them. */
const measurePairs = async (model: MeasuredModel): Promise<void> => {
	const path = 'tests/fixtures/paraphrase-pairs.json';
	const pairs = JSON.parse(readFileSync(path, 'utf8')) as Pair[];
	const core = await createTestCore();
	for (const { title, body } of pairs) core.create({ title, body });
	await embedAll(core, model);
	const vectors = await embedQueries(
		model,
		pairs.map(({ query: text }) => ({ text }))
	);
	for (const mode of ['semantic', 'hybrid'] as const) {
		const ranks = pairs.map(({ query, title }, i) => {
			const vector = vectors[i] ?? null;
			const { results } = core.search({ text: query, mode, limit: 10, vector });
			return results.findIndex((result) => result.title === title) + 1;
		});
		const share = (most: number): string =>
			mean(ranks.map((rank) => Number(rank > 0 && rank <= most))).toFixed(3);
		const missed = pairs.filter((_, i) => ranks[i] !== 1).map(({ query }) => query);
		console.log(`${model.modelId} pairs ${mode}  first ${share(1)}  among five ${share(5)}`);
		if (mode === 'semantic') console.log(`  not first: ${missed.join(' | ')}`);
	}
};
