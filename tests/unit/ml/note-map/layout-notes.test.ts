import { toFuzzyGraph } from '$lib/ml/note-map/fuzzy-graph';
import { layoutNotes } from '$lib/ml/note-map/layout-notes';
import { findNearestRows } from '$lib/ml/note-map/nearest-rows';
import { toPrincipalAxes, type Matrix } from '$lib/ml/note-map/principal-axes';
import { seededNumbers } from '$lib/shared/seeded-numbers';
import { expect, test } from 'vitest';

const dimensions = 64;
const ignore = (): void => undefined;

/** `themes` clouds of unit vectors, `perTheme` rows each, one after the other. */
const clouds = (themes: number, perTheme: number, seed = 5): Matrix => {
	const random = seededNumbers(seed);
	const rows = themes * perTheme;
	const values = new Float32Array(rows * dimensions);
	const centres = Array.from({ length: themes }, () =>
		Array.from({ length: dimensions }, () => random() - 0.5)
	);
	for (let row = 0; row < rows; row += 1) {
		const vector =
			centres[Math.floor(row / perTheme)]?.map((v) => v + (random() - 0.5) * 0.4) ?? [];
		const length = Math.hypot(...vector);
		values.set(
			vector.map((value) => value / length),
			row * dimensions
		);
	}
	return { rows, dimensions, values };
};

/** How many of a row's nearest ten on the map are of its own theme, on average. */
const purity = (points: Float32Array, perTheme: number): number => {
	const plane = { rows: points.length / 2, dimensions: 2, values: points };
	const { indices, count } = findNearestRows(plane, 10, ignore);
	const theme = (row: number): number => Math.floor(row / perTheme);
	const own = [...indices].filter((other, at) => theme(other) === theme(Math.floor(at / count)));
	return own.length / indices.length;
};

test('notes of one theme lie together on the map, and themes apart', () => {
	const points = layoutNotes(clouds(6, 40), 7, ignore);
	expect(points).toHaveLength(480);
	expect(purity(points, 40)).toBeGreaterThan(0.95);
	expect(Math.min(...points)).toBeGreaterThanOrEqual(0);
	expect(Math.max(...points)).toBeLessThanOrEqual(1);
});

test('the same notes give the same map, and the steps tell how far it is', () => {
	const matrix = clouds(3, 30);
	const steps: string[] = [];
	const first = layoutNotes(matrix, 1, ({ step }) => void steps.push(step));
	expect(layoutNotes(matrix, 1, ignore)).toEqual(first);
	expect(layoutNotes(matrix, 2, ignore)).not.toEqual(first);
	expect([...new Set(steps)]).toEqual(['axes', 'layout']);
	expect(first.every(Number.isFinite)).toBe(true);
});

test.each([0, 1, 2, 3, 5])('a notebook of %i notes has a map too', (rows) => {
	const points = layoutNotes(clouds(1, rows), 1, ignore);
	expect(points).toHaveLength(rows * 2);
	expect(points.every((value) => value >= 0 && value <= 1)).toBe(true);
});

test('notes that are all the same do not break it', () => {
	const values = new Float32Array(20 * dimensions).fill(0.125);
	const points = layoutNotes({ rows: 20, dimensions, values }, 1, ignore);
	expect(points.every((value) => value >= 0 && value <= 1)).toBe(true);
});

test('the principal axes keep who is near whom', () => {
	const matrix = clouds(4, 25);
	const reduced = toPrincipalAxes(matrix, 8, seededNumbers(1));
	expect(reduced.dimensions).toBe(8);
	const [before, after] = [matrix, reduced].map((each) => findNearestRows(each, 10, ignore));
	const theme = (row: number): number => Math.floor(row / 25);
	for (const { indices } of [before, after].filter((each) => each !== undefined)) {
		const own = [...indices].filter((other, at) => theme(other) === theme(Math.floor(at / 10)));
		expect(own.length / indices.length).toBeGreaterThan(0.99);
	}
});

test('an edge of the graph stands once, and its weight is a probability', () => {
	const nearest = findNearestRows(clouds(2, 20), 5, ignore);
	const { heads, tails, weights } = toFuzzyGraph(nearest);
	const edges = [...heads].map((head, at) => `${head}-${tails[at]}`);
	expect(new Set(edges).size).toBe(edges.length);
	expect([...heads].every((head, at) => head < (tails[at] ?? -1))).toBe(true);
	expect([...weights].every((weight) => weight > 0 && weight <= 1 + 1e-6)).toBe(true);
});
