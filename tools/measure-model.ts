import { AutoTokenizer, env, type PreTrainedTokenizer } from '@huggingface/transformers';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InferenceSession, Tensor, env as ort } from 'onnxruntime-web';
import { planBatches } from '../src/lib/ml/index-batch';
import { buildModel, fileNames } from './build-model';
import { maxTokens } from './model/use-lite-graph';
import { dtypes, type Dtype } from './model/weight-encoding';

/**
 * Size and nDCG@10 of each way to store the weights: `node tools/run.mjs tools/measure-model.ts
 * FOLDER [q8 fp32 fp16]`. The folder holds a collection in BEIR's form. A document is its title and
 * text, as far as the model reads; minutes per variant.
 */
export const main = async ([folder, ...chosen]: string[]): Promise<void> => {
	if (!folder) throw new Error('usage: tools/measure-model.ts FOLDER [dtype …]');
	ort.wasm.numThreads = 1;
	for (const dtype of dtypes.filter((name) => chosen.length === 0 || chosen.includes(name))) {
		const { bytes, ndcg } = await measure(folder, dtype);
		console.log(`${dtype}  ${(bytes / 1e6).toFixed(1)} MB  nDCG@10 ${ndcg.toFixed(4)}`);
	}
};

interface Entry {
	readonly _id: string;
	readonly title?: string;
	readonly text: string;
}

const measure = async (folder: string, dtype: Dtype): Promise<{ bytes: number; ndcg: number }> => {
	const built = mkdtempSync(join(tmpdir(), 'ai-notes-measure-'));
	await buildModel(join(built, 'model'), dtype);
	const path = join(built, 'model', fileNames[dtype]);
	const embed = await startModel(built, path);
	const documents = readLines(join(folder, 'corpus.jsonl'));
	const queries = readLines(join(folder, 'queries.jsonl'));
	const vectors = await embed(documents.map(({ title, text }) => `${title ?? ''} ${text}`));
	const asked = await embed(queries.map(({ text }) => text));
	const relevant = readJudgements(join(folder, 'qrels.tsv'));
	const scores = queries.map(({ _id }, q) => {
		const ranked = topTen(documents, vectors, asked[q] ?? new Float32Array());
		return ndcgOf(ranked, relevant.get(_id) ?? new Map<string, number>());
	});
	const { size: bytes } = statSync(path);
	rmSync(built, { recursive: true });
	return { bytes, ndcg: scores.reduce((sum, score) => sum + score, 0) / scores.length };
};

type Embed = (texts: readonly string[]) => Promise<Float32Array[]>;

const startModel = async (root: string, path: string): Promise<Embed> => {
	env.allowRemoteModels = false;
	env.localModelPath = `${resolve(root)}/`;
	const tokenizer = await AutoTokenizer.from_pretrained('model');
	const session = await InferenceSession.create(readFileSync(path), {
		executionProviders: ['wasm']
	});
	return async (texts) => {
		const rows = texts.map((text) => toTokens(tokenizer, text));
		const vectors: Float32Array[] = [];
		const lengths = rows.map((row) => row.length);
		for (const batch of planBatches(lengths, { paddedTokens: 1024, rows: 1024 })) {
			const found = await run(
				session,
				batch.map((index) => rows[index] ?? [])
			);
			batch.forEach((index, i) => (vectors[index] = found[i] ?? new Float32Array()));
		}
		return vectors;
	};
};

const toTokens = (tokenizer: PreTrainedTokenizer, text: string): number[] =>
	tokenizer.encode(text, { add_special_tokens: false }).slice(0, maxTokens);

const run = async (session: InferenceSession, rows: number[][]): Promise<Float32Array[]> => {
	const length = Math.max(...rows.map((row) => row.length));
	const fill = (cell: (id: number | undefined) => number): Tensor =>
		new Tensor(
			'int64',
			BigInt64Array.from(
				rows.flatMap((row) => Array.from({ length }, (_, i) => BigInt(cell(row[i]))))
			),
			[rows.length, length]
		);
	const output = await session.run({
		input_ids: fill((id) => id ?? 0),
		attention_mask: fill((id) => (id === undefined ? 0 : 1))
	});
	const data = output.sentence_embedding?.data as Float32Array;
	const width = data.length / rows.length;
	return rows.map((_, i) => data.slice(i * width, (i + 1) * width));
};

const readLines = (path: string): Entry[] =>
	readFileSync(path, 'utf8')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as Entry);

const readJudgements = (path: string): Map<string, Map<string, number>> => {
	const byQuery = new Map<string, Map<string, number>>();
	for (const line of readFileSync(path, 'utf8').split('\n').slice(1)) {
		const [query, document, score] = line.split('\t');
		if (!query || !document) continue;
		const judged = byQuery.get(query) ?? new Map<string, number>();
		byQuery.set(query, judged.set(document, Number(score)));
	}
	return byQuery;
};

const topTen = (
	documents: readonly Entry[],
	vectors: readonly Float32Array[],
	query: Float32Array
): string[] =>
	documents
		.map(({ _id }, i) => ({
			_id,
			score: query.reduce((sum, value, j) => sum + value * (vectors[i]?.[j] ?? 0), 0)
		}))
		.sort((a, b) => b.score - a.score)
		.slice(0, 10)
		.map(({ _id }) => _id);

// Linear gain, as trec_eval and BEIR count it.
const ndcgOf = (ranked: readonly string[], relevant: ReadonlyMap<string, number>): number => {
	const gain = (scores: readonly number[]): number =>
		scores.reduce((sum, score, rank) => sum + score / Math.log2(rank + 2), 0);
	const ideal = [...relevant.values()].sort((a, b) => b - a).slice(0, 10);
	return gain(ranked.map((id) => relevant.get(id) ?? 0)) / gain(ideal);
};
