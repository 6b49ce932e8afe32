import type { RandomNumbers } from '$lib/shared/seeded-numbers';

/** Vectors side by side: `rows` of `dimensions` numbers each. */
export interface Matrix {
	readonly rows: number;
	readonly dimensions: number;
	readonly values: Float32Array;
}

const rounds = 6;

/**
 * The same rows on the `count` axes along which they differ most, about their middle (principal
 * components, by subspace iteration). The same for the same seed. Neighbours stay neighbours, and to
 * compare them costs a fraction.
 */
export const toPrincipalAxes = (matrix: Matrix, count: number, random: RandomNumbers): Matrix => {
	const { rows, dimensions } = matrix;
	const centred = centre(matrix);
	const axes = Math.min(count, dimensions, Math.max(rows - 1, 1));
	let basis = Float64Array.from({ length: axes * dimensions }, () => random() - 0.5);
	orthonormalise(basis, axes, dimensions);
	for (let round = 0; round < rounds; round += 1) {
		basis = turnTowardsSpread(centred, basis, axes);
		orthonormalise(basis, axes, dimensions);
	}
	return project(centred, basis, axes);
};

const centre = ({ rows, dimensions, values }: Matrix): Matrix => {
	const mean = new Float64Array(dimensions);
	for (let at = 0; at < rows * dimensions; at += 1) {
		mean[at % dimensions] = (mean[at % dimensions] ?? 0) + (values[at] ?? 0) / rows;
	}
	const moved = values.map((value, at) => value - (mean[at % dimensions] ?? 0));
	return { rows, dimensions, values: moved };
};

/** Multiplies the basis with the covariance, without ever writing that down. */
const turnTowardsSpread = (
	{ rows, dimensions, values }: Matrix,
	basis: Float64Array,
	axes: number
): Float64Array<ArrayBuffer> => {
	const turned = new Float64Array(axes * dimensions);
	for (let row = 0; row < rows; row += 1) {
		const from = row * dimensions;
		for (let axis = 0; axis < axes; axis += 1) {
			const to = axis * dimensions;
			const weight = dotAt(values, from, basis, to, dimensions);
			for (let i = 0; i < dimensions; i += 1) {
				turned[to + i] = (turned[to + i] as number) + weight * (values[from + i] as number);
			}
		}
	}
	return turned;
};

const project = (
	{ rows, dimensions, values }: Matrix,
	basis: Float64Array,
	axes: number
): Matrix => {
	const projected = new Float32Array(rows * axes);
	for (let row = 0; row < rows; row += 1) {
		for (let axis = 0; axis < axes; axis += 1) {
			projected[row * axes + axis] = dotAt(
				values,
				row * dimensions,
				basis,
				axis * dimensions,
				dimensions
			);
		}
	}
	return { rows, dimensions: axes, values: projected };
};

/** Gram and Schmidt, in place. A direction that vanished becomes zero: the data has fewer. */
const orthonormalise = (basis: Float64Array, axes: number, dimensions: number): void => {
	for (let axis = 0; axis < axes; axis += 1) {
		const at = axis * dimensions;
		for (let other = 0; other < axis; other += 1) {
			const overlap = dotAt(basis, at, basis, other * dimensions, dimensions);
			for (let i = 0; i < dimensions; i += 1) {
				basis[at + i] =
					(basis[at + i] as number) - overlap * (basis[other * dimensions + i] as number);
			}
		}
		const length = Math.sqrt(dotAt(basis, at, basis, at, dimensions));
		const scale = length > 1e-9 ? 1 / length : 0;
		for (let i = 0; i < dimensions; i += 1) basis[at + i] = (basis[at + i] as number) * scale;
	}
};

type Numbers = Float32Array | Float64Array;

const dotAt = (a: Numbers, atA: number, b: Numbers, atB: number, count: number): number => {
	let sum = 0;
	for (let i = 0; i < count; i += 1) sum += (a[atA + i] as number) * (b[atB + i] as number);
	return sum;
};
