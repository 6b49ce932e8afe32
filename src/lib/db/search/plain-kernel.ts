import type { VectorKernel } from './vector-kernel';

// Growing by blocks never copies what is there: at 4,096 x 512 numbers one has 8 MB.
const rowsPerBlock = 4_096;

/** The same in JavaScript, for browsers without SIMD. */
export const createPlainKernel = (dimensions: number): VectorKernel => {
	const blocks: Float32Array[] = [];
	return {
		reserve(rows) {
			while (blocks.length * rowsPerBlock < rows) {
				blocks.push(new Float32Array(rowsPerBlock * dimensions));
			}
		},
		row(index) {
			const from = (index % rowsPerBlock) * dimensions;
			const block = blocks[Math.floor(index / rowsPerBlock)] ?? new Float32Array(dimensions);
			return block.subarray(from, from + dimensions);
		},
		score(query, rows) {
			const scores = new Float32Array(rows);
			for (const [index, block] of blocks.entries()) {
				const first = index * rowsPerBlock;
				scoreRows(block, query, scores.subarray(first, first + rowsPerBlock));
			}
			return scores;
		}
	};
};

/** Four sums at a time, so that no addition waits for the one before. */
const scoreRows = (block: Float32Array, query: Float32Array, scores: Float32Array): void => {
	const { length } = query;
	const even = length - (length % 4);
	for (let row = 0, from = 0; row < scores.length; row += 1, from += length) {
		let [a, b, c, d] = [0, 0, 0, 0];
		for (let i = 0; i < even; i += 4) {
			a += (block[from + i] as number) * (query[i] as number);
			b += (block[from + i + 1] as number) * (query[i + 1] as number);
			c += (block[from + i + 2] as number) * (query[i + 2] as number);
			d += (block[from + i + 3] as number) * (query[i + 3] as number);
		}
		for (let i = even; i < length; i += 1) a += (block[from + i] as number) * (query[i] as number);
		scores[row] = a + b + c + d;
	}
};
