import type { MapProgress } from '$lib/protocol/map-api';
import { toFuzzyGraph } from './fuzzy-graph';
import { findNearestRows } from './nearest-rows';
import { optimiseLayout } from './optimise-layout';
import { toPrincipalAxes, type Matrix } from './principal-axes';
import { seededNumbers } from '$lib/shared/seeded-numbers';

/** Enough to tell themes apart; exact distances over more cost time and show nothing new. */
const axes = 32;
const neighbours = 15;
const startWidth = 10;

/**
 * A place in the plane for each row, x and y in turn, from 0 to 1: rows that are near in all
 * dimensions lie near (UMAP, begun from the principal axes). The same for the same rows and seed.
 */
export const layoutNotes = (
	matrix: Matrix,
	seed: number,
	onProgress: (progress: MapProgress) => void
): Float32Array<ArrayBuffer> => {
	if (matrix.rows < 3) return layoutFew(matrix.rows);
	const random = seededNumbers(seed);
	onProgress({ step: 'axes', done: 0, total: matrix.rows });
	const reduced = toPrincipalAxes(matrix, axes, random);
	const nearest = findNearestRows(reduced, neighbours, (done) => {
		if (done % 100 === 0) onProgress({ step: 'neighbours', done, total: matrix.rows });
	});
	const points = startFrom(reduced, random);
	const epochs = matrix.rows > 5_000 ? 200 : 400;
	optimiseLayout(points, toFuzzyGraph(nearest), epochs, random, (done) =>
		onProgress({ step: 'layout', done, total: epochs })
	);
	return fitSquare(points);
};

const layoutFew = (rows: number): Float32Array<ArrayBuffer> =>
	Float32Array.from({ length: rows * 2 }, (_, at) => (at < 2 ? 0.3 : 0.7));

/** The two widest axes, with a little noise that parts what lies on one spot. */
const startFrom = ({ rows, dimensions, values }: Matrix, random: () => number): Float32Array => {
	const points = new Float32Array(rows * 2);
	for (let row = 0; row < rows; row += 1) {
		points[2 * row] = values[row * dimensions] ?? 0;
		points[2 * row + 1] = values[row * dimensions + 1] ?? 0;
	}
	const widest = points.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
	return points.map((value) => (value / widest) * startWidth + (random() - 0.5) * 1e-2);
};

/** Keeps the proportions. */
const fitSquare = (points: Float32Array): Float32Array<ArrayBuffer> => {
	const low = [Infinity, Infinity];
	const high = [-Infinity, -Infinity];
	points.forEach((value, at) => {
		low[at % 2] = Math.min(low[at % 2] as number, value);
		high[at % 2] = Math.max(high[at % 2] as number, value);
	});
	const width = Math.max(...high.map((value, axis) => value - (low[axis] as number)), 1e-6);
	return Float32Array.from(points, (value, at) => {
		const axis = at % 2;
		const middle = ((low[axis] as number) + (high[axis] as number)) / 2;
		return 0.5 + (value - middle) / width;
	});
};
