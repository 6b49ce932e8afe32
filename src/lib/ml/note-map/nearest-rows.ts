import type { Matrix } from './principal-axes';

/** For each row its `count` nearest others, nearest first. */
export interface NearestRows {
	readonly count: number;
	readonly indices: Int32Array;
	readonly distances: Float32Array;
}

/** Exact: every row is compared with every other. `onRow` is told how many rows are done. */
export const findNearestRows = (
	matrix: Matrix,
	wanted: number,
	onRow: (done: number) => void
): NearestRows => {
	const { rows } = matrix;
	const count = Math.min(wanted, rows - 1);
	const indices = new Int32Array(rows * count);
	const distances = new Float32Array(rows * count);
	for (let row = 0; row < rows; row += 1) {
		const nearest = nearestOf(matrix, row, count);
		indices.set(nearest.indices, row * count);
		distances.set(nearest.squares.map(Math.sqrt), row * count);
		onRow(row + 1);
	}
	return { count, indices, distances };
};

const nearestOf = (matrix: Matrix, row: number, count: number) => {
	const indices = new Int32Array(count).fill(-1);
	const squares = new Float32Array(count).fill(Infinity);
	for (let other = 0; other < matrix.rows; other += 1) {
		if (other === row) continue;
		const square = squaredDistance(matrix, row, other, squares[count - 1] ?? Infinity);
		if (square >= (squares[count - 1] ?? Infinity)) continue;
		let at = count - 1;
		for (; at > 0 && (squares[at - 1] as number) > square; at -= 1) {
			squares[at] = squares[at - 1] as number;
			indices[at] = indices[at - 1] as number;
		}
		squares[at] = square;
		indices[at] = other;
	}
	return { indices, squares };
};

/** Stops early when it is farther than `limit` anyway. */
const squaredDistance = (
	{ values, dimensions }: Matrix,
	a: number,
	b: number,
	limit: number
): number => {
	let sum = 0;
	const [atA, atB] = [a * dimensions, b * dimensions];
	for (let i = 0; i < dimensions; i += 1) {
		const difference = (values[atA + i] as number) - (values[atB + i] as number);
		sum += difference * difference;
		if (sum >= limit) return sum;
	}
	return sum;
};
