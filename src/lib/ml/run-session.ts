import { Tensor } from '@huggingface/transformers';
import { AppError, toAppError } from '$lib/shared/app-error';
import type { Reading } from './hub-models';
import { poolTokens } from './pool-tokens';
import type { TextRole, TokenFrame } from './token-frame';

/** One unit vector per row of tokens. */
export type RunRows = (
	rows: readonly (readonly number[])[],
	role?: TextRole
) => Promise<Float32Array[]>;

interface Session {
	readonly inputNames: readonly string[];
	run(feeds: Record<string, unknown>): Promise<Record<string, { data: unknown }>>;
}

interface RunOptions {
	readonly dimensions: number;
	readonly frames: Readonly<Record<TextRole, TokenFrame>>;
	/** Absent for a network that makes the vector of a text itself. */
	readonly pooling: Reading['pooling'] | undefined;
}

// The session is called directly: the library chains all runs on one promise, and after one failed
// run every later one would fail with the same error.
export const createRun = (from: unknown, options: RunOptions): RunRows => {
	const session = from as Session;
	return async (rows, role = 'passage') => {
		const { head, tail } = options.frames[role];
		const framed = rows.map((row) => [...head, ...row, ...tail]);
		const padded = padRows(framed);
		const output = await session.run(toFeeds(session, padded)).catch((cause: unknown) => {
			throw new AppError('embed-failed', `The run failed: ${toAppError(cause).message}`);
		});
		return toVectors(output, framed, padded, options);
	};
};

const toFeeds = (
	{ inputNames }: Session,
	{ ids, mask, shape }: PaddedRows
): Record<string, unknown> => ({
	input_ids: new Tensor('int64', ids, shape).ort_tensor,
	attention_mask: new Tensor('int64', mask, shape).ort_tensor,
	// Networks that know pairs of texts want to be told that this is one.
	...(inputNames.includes('token_type_ids')
		? { token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape).ort_tensor }
		: {})
});

const toVectors = (
	output: Record<string, { data: unknown }>,
	rows: readonly (readonly number[])[],
	{ shape: [, width = 0] }: PaddedRows,
	{ dimensions, pooling }: RunOptions
): Float32Array[] => {
	const data = (pooling ? output.last_hidden_state : output.sentence_embedding)?.data;
	const expected = rows.length * dimensions * (pooling ? width : 1);
	if (!(data instanceof Float32Array) || data.length !== expected) {
		throw new AppError('embed-failed', 'The model gave another number of values than expected.');
	}
	const lengths = rows.map((row) => row.length);
	if (pooling) return poolTokens({ data, lengths, width, dimensions }, pooling);
	return rows.map((_, row) => data.slice(row * dimensions, (row + 1) * dimensions));
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
