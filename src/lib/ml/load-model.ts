import { AutoModel, AutoTokenizer, env, LogLevel } from '@huggingface/transformers';
import type { PreTrainedTokenizer } from '@huggingface/transformers';
import jspiMjs from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import plainMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import plainWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Device } from '$lib/protocol/embed-api';
import { AppError, toAppError } from '$lib/shared/app-error';
import type { Reading } from './hub-models';
import type { ModelFiles } from './model-cache';
import { createRun, type RunRows } from './run-session';
import { allowRuntimeThreads } from './runtime-threads';
import {
	createFrame,
	emptyFrame,
	sizeOfFrame,
	type Encode,
	type TextRole,
	type TokenFrame
} from './token-frame';

/** The network and its tokenizer, one run at a time. */
export interface LoadedNetwork {
	readonly dimensions: number;
	/** Of a text: what the model adds to it is counted off. */
	readonly maxTokens: number;
	/** Tokens that stand for nothing known: a text of these alone cannot be read. */
	readonly emptyTokens: ReadonlySet<number>;
	toTokens(text: string): number[];
	/** One unit vector per row; rows may differ in length, each at most `maxTokens`. */
	readonly run: RunRows;
}

export interface NetworkOptions {
	readonly device: Device;
	readonly threads: number;
	/** Absent for a network that makes the vector of a text itself. */
	readonly reading?: Reading | undefined;
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
		const { reading } = options;
		const frames = framesOf(tokenizer, reading);
		const taken = Math.max(sizeOfFrame(frames.query), sizeOfFrame(frames.passage));
		const run = createRun(model.sessions.model, { dimensions, frames, pooling: reading?.pooling });
		return { dimensions, maxTokens: maxTokens - taken, emptyTokens, toTokens, run };
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

const framesOf = (
	tokenizer: PreTrainedTokenizer,
	reading: Reading | undefined
): Readonly<Record<TextRole, TokenFrame>> => {
	if (!reading) return { query: emptyFrame, passage: emptyFrame };
	const encode: Encode = (text, withMarks) =>
		tokenizer.encode(text, { add_special_tokens: withMarks });
	return {
		query: createFrame(encode, reading.queryPrefix),
		passage: createFrame(encode, reading.passagePrefix)
	};
};

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
