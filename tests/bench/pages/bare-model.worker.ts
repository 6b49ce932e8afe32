/// <reference lib="webworker" />
import { createEmbedder } from '$lib/ml/embedder';
import type { ModelManifest } from '$lib/ml/model-manifest';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { AutoModel, AutoTokenizer, env, Tensor } from '@huggingface/transformers';
import type { PreTrainedModel, PreTrainedTokenizer } from '@huggingface/transformers';
import { expose } from 'comlink';
import runtimeMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import runtimeWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

/** As many as the app's loop claims at once. */
const claimed = 48;

type Row = readonly number[];

let tokenizer: PreTrainedTokenizer;
let model: PreTrainedModel;
let dimensions = 0;
let texts: readonly string[] = [];
let batches: Row[][] = [];

/** Loads the model and learns from one run of the app's own rules which passages go together. */
const load = async (
	baseUrl: string,
	threads: number,
	passages: readonly string[]
): Promise<number> => {
	const { wasm } = env.backends.onnx;
	if (!wasm) throw new Error('no WebAssembly backend');
	wasm.wasmPaths = { mjs: absolute(runtimeMjs), wasm: absolute(runtimeWasm) };
	wasm.numThreads = threads;
	env.allowRemoteModels = false;
	env.useWasmCache = false;
	env.allowLocalModels = true;
	env.localModelPath = new URL('models/', baseUrl).pathname;
	const response = await fetch(`${baseUrl}models/use-lite/files.json`);
	const manifest = (await response.json()) as ModelManifest;
	tokenizer = await AutoTokenizer.from_pretrained(manifest.id);
	model = await AutoModel.from_pretrained(manifest.id, { device: 'wasm', dtype: 'q8' });
	({ dimensions } = manifest);
	texts = passages;
	batches = await recordBatches(manifest);
	return batches.length;
};

const absolute = (url: string): string => new URL(url, self.location.href).href;

const toTokens = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false });

const recordBatches = async (
	manifest: Pick<ModelManifest, 'maxTokens' | 'dimensions'>
): Promise<Row[][]> => {
	let recorded: Row[][] = [];
	const run = async (rows: readonly Row[]): Promise<Float32Array[]> => {
		recorded.push([...rows]);
		return runRows(rows, manifest.dimensions);
	};
	const embedder = createEmbedder({ ...manifest, emptyTokens: new Set(), toTokens, run }, () =>
		performance.now()
	);
	// The first pass warms the runtime and settles the size of the batches; the second one counts.
	for (let pass = 0; pass < 2; pass += 1) {
		recorded = [];
		for (let from = 0; from < texts.length; from += claimed) {
			await embedder.embed(texts.slice(from, from + claimed), async (work) => work());
		}
	}
	return recorded;
};

/** The plain reference: text to tokens, tokens to vectors, batch after batch. */
const embedAll = async (): Promise<number> => {
	const startedMs = performance.now();
	texts.forEach(toTokens);
	for (const batch of batches) await runRows(batch, dimensions);
	return performance.now() - startedMs;
};

const runRows = async (rows: readonly Row[], width: number): Promise<Float32Array[]> => {
	const length = Math.max(...rows.map((row) => row.length));
	const ids = new BigInt64Array(rows.length * length);
	const mask = new BigInt64Array(rows.length * length);
	rows.forEach((row, r) =>
		row.forEach((id, i) => {
			ids[r * length + i] = BigInt(id);
			mask[r * length + i] = 1n;
		})
	);
	const shape = [rows.length, length];
	const output = (await model({
		input_ids: new Tensor('int64', ids, shape),
		attention_mask: new Tensor('int64', mask, shape)
	})) as { sentence_embedding: { data: Float32Array } };
	const { data } = output.sentence_embedding;
	return rows.map((_, row) => data.slice(row * width, (row + 1) * width));
};

const api = { load, embedAll };
export type BareModel = typeof api;
installErrorTransfer();
expose(api);
