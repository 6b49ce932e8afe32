import { layoutNotes } from '$lib/ml/layout-notes';
import type { Matrix } from '$lib/protocol/map-api';
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
	const places = Array.from({ length: points.length / 2 }, (_, row) => ({
		x: points[2 * row] ?? 0,
		y: points[2 * row + 1] ?? 0,
		theme: Math.floor(row / perTheme)
	}));
	const own = places.flatMap((from) =>
		places
			.filter((to) => to !== from)
			.sort(
				(a, b) => Math.hypot(a.x - from.x, a.y - from.y) - Math.hypot(b.x - from.x, b.y - from.y)
			)
			.slice(0, 10)
			.map((to) => to.theme === from.theme)
	);
	return own.filter(Boolean).length / own.length;
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
	expect([...new Set(steps)]).toEqual(['neighbours', 'layout']);
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
