import type { Reading } from './hub-models';

/** What a network said of each token of each row: `rows × width × dimensions` numbers. */
export interface TokenVectors {
	readonly data: Float32Array;
	/** Tokens of each row; what follows in its width is padding. */
	readonly lengths: readonly number[];
	readonly width: number;
	readonly dimensions: number;
}

/** One vector per row, at length 1: the mean over its tokens, or what was said of its first mark. */
export const poolTokens = (
	{ data, lengths, width, dimensions }: TokenVectors,
	pooling: Reading['pooling']
): Float32Array[] =>
	lengths.map((length, row) => {
		const start = row * width * dimensions;
		const count = pooling === 'cls' ? 1 : length;
		const sum = new Float64Array(dimensions);
		for (let token = 0; token < count; token += 1) {
			const at = start + token * dimensions;
			for (let i = 0; i < dimensions; i += 1) sum[i] = (sum[i] ?? 0) + (data[at + i] ?? 0);
		}
		const length2 = Math.hypot(...sum);
		return Float32Array.from(sum, (value) => value / length2);
	});
