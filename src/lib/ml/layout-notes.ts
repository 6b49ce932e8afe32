import type { MapProgress, Matrix } from '$lib/protocol/map-api';
import { seededNumbers } from '$lib/shared/seeded-numbers';
import { UMAP } from 'umap-js';

const mostNeighbours = 15;

/**
 * A place in the plane for each row, x and y in turn, from 0 to 1: rows that are near in all
 * dimensions lie near (UMAP). The same for the same rows and seed.
 */
export const layoutNotes = (
	matrix: Matrix,
	seed: number,
	onProgress: (progress: MapProgress) => void
): Float32Array<ArrayBuffer> => {
	const { rows } = matrix;
	if (rows < 3) return layoutFew(rows);
	const nNeighbors = Math.min(mostNeighbours, rows - 1);
	const umap = new UMAP({ nNeighbors, random: seededNumbers(seed) });
	onProgress({ step: 'neighbours', done: 0, total: rows });
	const total = umap.initializeFit(toVectors(matrix));
	for (let done = 1; done <= total; done += 1) {
		umap.step();
		onProgress({ step: 'layout', done, total });
	}
	return fitSquare(umap.getEmbedding());
};

const layoutFew = (rows: number): Float32Array<ArrayBuffer> =>
	Float32Array.from({ length: rows * 2 }, (_, at) => (at < 2 ? 0.3 : 0.7));

const toVectors = ({ rows, dimensions, values }: Matrix): number[][] =>
	Array.from({ length: rows }, (_, row) =>
		Array.from(values.subarray(row * dimensions, (row + 1) * dimensions))
	);

/** Keeps the proportions. */
const fitSquare = (points: readonly (readonly number[])[]): Float32Array<ArrayBuffer> => {
	const low = [Infinity, Infinity];
	const high = [-Infinity, -Infinity];
	const numbers = points.flat();
	numbers.forEach((value, at) => {
		low[at % 2] = Math.min(low[at % 2] as number, value);
		high[at % 2] = Math.max(high[at % 2] as number, value);
	});
	const width = Math.max(...high.map((value, axis) => value - (low[axis] as number)), 1e-6);
	return Float32Array.from(numbers, (value, at) => {
		const axis = at % 2;
		const middle = ((low[axis] as number) + (high[axis] as number)) / 2;
		return Math.min(Math.max(0.5 + (value - middle) / width, 0), 1);
	});
};
