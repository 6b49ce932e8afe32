import { AutoModel, AutoTokenizer, env, LogLevel, Tensor } from '@huggingface/transformers';
import type { PreTrainedModel, PreTrainedTokenizer } from '@huggingface/transformers';
import jspiMjs from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import plainMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import plainWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Device } from '$lib/protocol/embed-api';
import { AppError, toAppError } from '$lib/shared/app-error';
import type { ModelFiles } from './model-cache';
import { allowRuntimeThreads } from './runtime-threads';

/** The network and its tokenizer, one run at a time. */
export interface LoadedNetwork {
	readonly dimensions: number;
	readonly maxTokens: number;
	/** Tokens that stand for nothing known: a text of these alone cannot be read. */
	readonly emptyTokens: ReadonlySet<number>;
	toTokens(text: string): number[];
	/** One unit vector per row; rows may differ in length, each at most `maxTokens`. */
	run(rows: readonly (readonly number[])[]): Promise<Float32Array[]>;
}

export interface NetworkOptions {
	readonly device: Device;
	readonly threads: number;
}

/**
 * Starts tokenizer and session from files that were checked before. It fetches nothing but the two
 * runtime files of our own origin. A failed start leaves the runtime of this worker unusable: the
 * page must start a fresh one.
 */
export const loadNetwork = async (
	files: ModelFiles,
	options: NetworkOptions
): Promise<LoadedNetwork> => {
	configureRuntime(files, options);
	const { id, dtype, dimensions, maxTokens } = files.manifest;
	try {
		const tokenizer = await AutoTokenizer.from_pretrained(id);
		const model = await AutoModel.from_pretrained(id, {
			device: options.device,
			dtype: dtype as 'q8'
		});
		const toTokens = createTokenizer(tokenizer);
		const emptyTokens = findEmptyTokens(tokenizer, toTokens);
		return { dimensions, maxTokens, emptyTokens, toTokens, run: createRun(model, dimensions) };
	} catch (cause) {
		const { message } = toAppError(cause);
		throw new AppError('model-invalid', `The model did not start on ${options.device}: ${message}`);
	}
};

// What the tokenizer calls unknown, and what it makes of a character of no alphabet.
const findEmptyTokens = (
	tokenizer: PreTrainedTokenizer,
	toTokens: (text: string) => number[]
): ReadonlySet<number> => new Set([...tokenizer.all_special_ids, ...toTokens('\u{10fffd}')]);

const createTokenizer =
	(tokenizer: PreTrainedTokenizer) =>
	(text: string): number[] =>
		tokenizer.encode(text, { add_special_tokens: false });

// [Note: No foreign request]
// transformers.js would take its runtime from a CDN and models from a hub. It is given the runtime's
// address here, every model file from memory, and a fetch that finds nothing.
const configureRuntime = (
	{ manifest, contents }: ModelFiles,
	{ device, threads }: NetworkOptions
): void => {
	const wasm = env.backends.onnx.wasm;
	if (!wasm) throw new AppError('model-invalid', 'The runtime has no WebAssembly part.');
	if (device === 'webgpu' && !('Suspending' in WebAssembly)) {
		throw new AppError('model-invalid', 'This browser cannot run WebGPU models: it has no JSPI.');
	}
	// The graphics card does the work of a WebGPU session; threads would only wait for it.
	const useThreads = device === 'wasm' && threads > 1 && self.crossOriginIsolated;
	const absolute = (url: string): string => new URL(url, self.location.href).href;
	wasm.wasmPaths =
		device === 'webgpu'
			? { mjs: absolute(jspiMjs), wasm: absolute(jspiWasm) }
			: { mjs: absolute(plainMjs), wasm: absolute(plainWasm) };
	wasm.numThreads = useThreads ? threads : 1;
	if (useThreads) allowRuntimeThreads();
	env.logLevel = LogLevel.ERROR;
	env.allowRemoteModels = false;
	env.allowLocalModels = true;
	env.localModelPath = '/';
	env.useWasmCache = false;
	env.useBrowserCache = false;
	env.useCustomCache = true;
	env.customCache = {
		match: async (url: string) => {
			const bytes = contents.get(url.replace(`/${manifest.id}/`, ''));
			return Promise.resolve(bytes && new Response(bytes));
		},
		put: async () => Promise.resolve()
	};
	env.fetch = async () => Promise.resolve(new Response(null, { status: 404 }));
};

// The session is called directly: the library chains all runs on one promise, and after one failed
// run every later one would fail with the same error.
const createRun = (model: PreTrainedModel, dimensions: number): LoadedNetwork['run'] => {
	const session = model.sessions.model as {
		run(feeds: Record<string, unknown>): Promise<Record<string, { data: unknown }>>;
	};
	return async (rows) => {
		const { ids, mask, shape } = padRows(rows);
		const feeds = {
			input_ids: new Tensor('int64', ids, shape).ort_tensor,
			attention_mask: new Tensor('int64', mask, shape).ort_tensor
		};
		const output = await session.run(feeds).catch((cause: unknown) => {
			throw new AppError('embed-failed', `The run failed: ${toAppError(cause).message}`);
		});
		const data = output.sentence_embedding?.data as Float32Array;
		return rows.map((_, row) => data.slice(row * dimensions, (row + 1) * dimensions));
	};
};

interface PaddedRows {
	readonly ids: BigInt64Array;
	readonly mask: BigInt64Array;
	readonly shape: number[];
}

const padRows = (rows: readonly (readonly number[])[]): PaddedRows => {
	const length = Math.max(...rows.map((row) => row.length));
	const ids = new BigInt64Array(rows.length * length);
	const mask = new BigInt64Array(rows.length * length);
	rows.forEach((row, r) =>
		row.forEach((id, i) => {
			ids[r * length + i] = BigInt(id);
			mask[r * length + i] = 1n;
		})
	);
	return { ids, mask, shape: [rows.length, length] };
};
