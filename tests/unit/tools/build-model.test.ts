import { AutoTokenizer, env, type PreTrainedTokenizer } from '@huggingface/transformers';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InferenceSession, Tensor, env as ort } from 'onnxruntime-web';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cosine } from '$lib/domain/vector';
import { buildModel, shippedDtype } from '../../../tools/build-model';
import { loadOriginal, type OriginalModel } from '../../../tools/model/self-test-vectors';
import type { Dtype } from '../../../tools/model/weight-encoding';
import { modelTexts } from './model-texts';

const root = mkdtempSync(join(tmpdir(), 'ai-notes-model-'));
let original: OriginalModel;
let tokenizer: PreTrainedTokenizer;
let theirs: number[][];

const built = new Map<Dtype, Promise<number>>();

/** Each variant is built once for all tests. */
const build = async (dtype: Dtype): Promise<string> => {
	const folder = join(root, dtype);
	const building = built.get(dtype) ?? buildModel(folder, dtype);
	built.set(dtype, building);
	await building;
	return folder;
};

const toIds = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false });

/** Ten texts a batch, the short ones padded: padding must not change a vector. */
const embedAll = async (path: string, texts: readonly string[]): Promise<Float32Array[]> => {
	const session = await InferenceSession.create(readFileSync(path), {
		executionProviders: ['wasm']
	});
	const vectors: Float32Array[] = [];
	for (let i = 0; i < texts.length; i += 10) {
		vectors.push(...(await runBatch(session, texts.slice(i, i + 10))));
	}
	await session.release();
	return vectors;
};

const runBatch = async (
	session: InferenceSession,
	texts: readonly string[]
): Promise<Float32Array[]> => {
	const rows = texts.map((text) => toIds(text).slice(0, 128));
	const length = Math.max(...rows.map((row) => row.length));
	const toTensor = (value: (id: number | undefined) => number): Tensor => {
		const cells = rows.flatMap((row) => Array.from({ length }, (_, i) => BigInt(value(row[i]))));
		return new Tensor('int64', BigInt64Array.from(cells), [rows.length, length]);
	};
	const output = await session.run({
		input_ids: toTensor((id) => id ?? 0),
		attention_mask: toTensor((id) => (id === undefined ? 0 : 1))
	});
	const data = output.sentence_embedding?.data as Float32Array;
	return rows.map((_, row) => data.slice(row * 512, (row + 1) * 512));
};

beforeAll(async () => {
	ort.wasm.numThreads = 1;
	original = await loadOriginal();
	// One by one: in a batch every text costs as much as the longest.
	theirs = [];
	for (const text of modelTexts) theirs.push(...(await original.embed([text])));
	const folder = await build(shippedDtype);
	env.allowRemoteModels = false;
	env.localModelPath = `${resolve(folder, '..')}/`;
	tokenizer = await AutoTokenizer.from_pretrained(shippedDtype);
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('fifty different texts are compared', () => {
	expect(new Set(modelTexts).size).toBe(50);
});

test('every text is cut into the same pieces as by the original', () => {
	for (const text of modelTexts) expect(toIds(text), text).toEqual(original.tokenizer.encode(text));
});

test('line breaks and double spaces are read as one space, so a title and its passage are one text', () => {
	expect(toIds('A title\n\nand   a passage')).toEqual(toIds('A title and a passage'));
});

test.each([
	['fp32', 0.9999, 'onnx/model.onnx'],
	['fp16', 0.9999, 'onnx/model_fp16.onnx'],
	['q8', 0.999, 'onnx/model_quantized.onnx']
] as const)(
	'weights kept as %s give vectors within %d of the original',
	async (dtype, least, file) => {
		const folder = await build(dtype);
		const ours = await embedAll(join(folder, file), modelTexts);
		const cosines = ours.map((vector, i) => cosine(vector, Float32Array.from(theirs[i] ?? [])));
		const worst = Math.min(...cosines);
		expect(worst, `worst: ${modelTexts[cosines.indexOf(worst)]}`).toBeGreaterThanOrEqual(least);
	},
	120_000
);

test('the list of files names every file with its size and hash, and carries the self-test', async () => {
	const folder = await build(shippedDtype);
	const manifest = JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')) as {
		files: { path: string; bytes: number; sha256: string }[];
		selfTest: { text: string; vector: number[] }[];
	};
	expect(manifest.files.map((file) => file.path)).toEqual([
		'config.json',
		'tokenizer.json',
		'tokenizer_config.json',
		'onnx/model_quantized.onnx'
	]);
	for (const { path, bytes, sha256 } of manifest.files) {
		const content = readFileSync(join(folder, path));
		expect(content.byteLength).toBe(bytes);
		expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
	}
	expect(manifest.selfTest).toHaveLength(3);
	expect(manifest.selfTest.every(({ vector }) => vector.length === 512)).toBe(true);
});
