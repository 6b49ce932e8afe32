import type { NearestRows } from './nearest-rows';

/** Edges between rows; a weight from 0 to 1 says how surely the two belong together. */
export interface FuzzyGraph {
	readonly heads: Int32Array;
	readonly tails: Int32Array;
	readonly weights: Float32Array;
}

const steps = 48;
const tolerance = 1e-5;
const leastShare = 1e-3;

/**
 * The fuzzy neighbourhood graph of UMAP (McInnes, Healy, Melville 2018, sections 3.1 and 4.1): distances
 * are seen relative to each row's own surroundings, then both views of an edge are joined.
 */
export const toFuzzyGraph = (nearest: NearestRows): FuzzyGraph => {
	const { count, indices, distances } = nearest;
	const rows = indices.length / count;
	const weightByEdge = new Map<number, number>();
	for (let row = 0; row < rows; row += 1) {
		const own = distances.subarray(row * count, (row + 1) * count);
		const closest = own.find((distance) => distance > 0) ?? 0;
		const scale = findScale(own, closest);
		own.forEach((distance, at) => {
			const other = indices[row * count + at] as number;
			weightByEdge.set(row * rows + other, membership(distance, closest, scale));
		});
	}
	return joinViews(weightByEdge, rows);
};

const membership = (distance: number, closest: number, scale: number): number =>
	distance <= closest || scale === 0 ? 1 : Math.exp(-(distance - closest) / scale);

/** So that the memberships of all neighbours add up to log2 of their number. */
const findScale = (distances: Float32Array, closest: number): number => {
	const target = Math.log2(distances.length + 1);
	let [low, high, scale] = [0, Infinity, 1];
	for (let step = 0; step < steps; step += 1) {
		let sum = 0;
		for (const distance of distances) sum += membership(distance, closest, scale);
		if (Math.abs(sum - target) < tolerance) break;
		if (sum > target) high = scale;
		else low = scale;
		scale = high === Infinity ? scale * 2 : (low + high) / 2;
	}
	const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
	return Math.max(scale, leastShare * mean);
};

/** a or b, as probabilities: a + b − ab. Each edge stands once, from the lower row to the higher. */
const joinViews = (weightByEdge: ReadonlyMap<number, number>, rows: number): FuzzyGraph => {
	const heads: number[] = [];
	const tails: number[] = [];
	const weights: number[] = [];
	for (const [edge, weight] of weightByEdge) {
		const [from, to] = [Math.floor(edge / rows), edge % rows];
		const back = weightByEdge.get(to * rows + from);
		if (back !== undefined && from > to) continue;
		heads.push(Math.min(from, to));
		tails.push(Math.max(from, to));
		weights.push(back === undefined ? weight : weight + back - weight * back);
	}
	return {
		heads: Int32Array.from(heads),
		tails: Int32Array.from(tails),
		weights: Float32Array.from(weights)
	};
};
