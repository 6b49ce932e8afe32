/// <reference lib="webworker" />
import type { ModelManifest } from '$lib/ml/model-manifest';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { AutoModel, AutoTokenizer, env, Tensor } from '@huggingface/transformers';
import type { PreTrainedModel, PreTrainedTokenizer } from '@huggingface/transformers';
import { expose } from 'comlink';
import runtimeMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import runtimeWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

/** What a loop without plan takes at once: the usual size of such loops. */
const batchSize = 32;

let tokenizer: PreTrainedTokenizer;
let model: PreTrainedModel;
let maxTokens = 0;
let texts: readonly string[] = [];

const load = async (
	baseUrl: string,
	threads: number,
	passages: readonly string[]
): Promise<void> => {
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
	({ maxTokens } = manifest);
	texts = passages;
	await embedAll();
};

const absolute = (url: string): string => new URL(url, self.location.href).href;

/** The plain reference: the texts as they come, batch after batch, each padded to its longest, what is too long cut off. */
const embedAll = async (): Promise<number> => {
	const startedMs = performance.now();
	for (let from = 0; from < texts.length; from += batchSize) {
		await embed(texts.slice(from, from + batchSize));
	}
	return performance.now() - startedMs;
};

const embed = async (batch: readonly string[]): Promise<Float32Array> => {
	const rows = batch.map((text) =>
		tokenizer.encode(text, { add_special_tokens: false }).slice(0, maxTokens)
	);
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
	return output.sentence_embedding.data;
};

const api = { load, embedAll };
export type BareModel = typeof api;
installErrorTransfer();
expose(api);
