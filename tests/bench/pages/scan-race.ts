import { createVectorScan } from '$lib/db/search/vector-scan';
import { interleave, type RoundTimes } from './round-order';
import { createVectors, dimensions } from './vectors';

export interface ScanRace extends RoundTimes {
	readonly vectors: number;
	/** Share of the reference's ten nearest that ours has too. */
	readonly recall: number;
}

const wanted = 10;

/** Ours: the scan behind `vector-scan`. Reference: one loop over the same float32 numbers. */
export const raceScan = async (vectors: number, rounds: number): Promise<ScanRace> => {
	const vectorOf = createVectors();
	const scan = createVectorScan(dimensions);
	const matrix = new Float32Array(vectors * dimensions);
	for (let row = 0; row < vectors; row += 1) {
		const vector = vectorOf(row);
		matrix.set(vector, row * dimensions);
		scan.set(row, row, vector);
	}
	let round = 0;
	let found = 0;
	const query = (): Float32Array => vectorOf(1_000_003 + (round += 1));
	for (let warm = 0; warm < 5; warm += 1) compare(scan, matrix, query());
	const times = await interleave(
		rounds,
		() => Promise.resolve(timed(() => scan.nearest(query(), wanted, () => true))),
		() => Promise.resolve(timed(() => nearest(matrix, query())))
	);
	for (let check = 0; check < 20; check += 1) found += compare(scan, matrix, query());
	return { ...times, vectors, recall: found / (20 * wanted) };
};

type Scan = ReturnType<typeof createVectorScan>;

const compare = (scan: Scan, matrix: Float32Array, query: Float32Array): number => {
	const rows = new Set(nearest(matrix, query));
	return scan.nearest(query, wanted, () => true).filter(({ seq }) => rows.has(seq)).length;
};

const timed = (work: () => unknown): number => {
	const startedMs = performance.now();
	work();
	return performance.now() - startedMs;
};

const nearest = (matrix: Float32Array, query: Float32Array): number[] => {
	const best: { row: number; similarity: number }[] = [];
	for (let row = 0, at = 0; at < matrix.length; row += 1) {
		let similarity = 0;
		for (let i = 0; i < dimensions; i += 1, at += 1) {
			similarity += (matrix[at] as number) * (query[i] as number);
		}
		const worst = best.length < wanted ? -Infinity : (best[wanted - 1]?.similarity ?? 0);
		if (similarity <= worst) continue;
		best.push({ row, similarity });
		best.sort((a, b) => b.similarity - a.similarity);
		best.length = Math.min(best.length, wanted);
	}
	return best.map(({ row }) => row);
};
