import { AutoTokenizer, env } from '@huggingface/transformers';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InferenceSession, Tensor, env as ort } from 'onnxruntime-web';
import type { LoadedNetwork } from '../../src/lib/ml/load-model';

export interface NodeModel {
	/** Below the folder. */
	readonly file: string;
	readonly dimensions: number;
	readonly maxTokens: number;
}

/** A model folder as the app's own network, run by Node: one thread, WASM, the same kernels. */
export const startNodeModel = async (folder: string, model: NodeModel): Promise<LoadedNetwork> => {
	ort.wasm.numThreads = 1;
	env.allowRemoteModels = false;
	env.localModelPath = `${dirname(resolve(folder))}/`;
	const tokenizer = await AutoTokenizer.from_pretrained(basename(folder));
	const session = await InferenceSession.create(readFileSync(join(folder, model.file)), {
		executionProviders: ['wasm']
	});
	const { dimensions, maxTokens } = model;
	return {
		dimensions,
		maxTokens,
		emptyTokens: new Set(tokenizer.all_special_ids),
		toTokens: (text) => tokenizer.encode(text, { add_special_tokens: false }),
		run: async (rows) => run(session, rows, dimensions)
	};
};

const run = async (
	session: InferenceSession,
	rows: readonly (readonly number[])[],
	dimensions: number
): Promise<Float32Array[]> => {
	const length = Math.max(...rows.map((row) => row.length));
	const fill = (cell: (id: number | undefined) => number): Tensor => {
		const cells = rows.flatMap((row) => Array.from({ length }, (_, i) => BigInt(cell(row[i]))));
		return new Tensor('int64', BigInt64Array.from(cells), [rows.length, length]);
	};
	const output = await session.run({
		input_ids: fill((id) => id ?? 0),
		attention_mask: fill((id) => (id === undefined ? 0 : 1))
	});
	const data = output.sentence_embedding?.data as Float32Array;
	return rows.map((_, i) => data.slice(i * dimensions, (i + 1) * dimensions));
};
