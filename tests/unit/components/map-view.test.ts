import {
	centreView,
	fitView,
	isInView,
	panView,
	pointAt,
	pointTowards,
	toScreen,
	zoomView
} from '$lib/components/map/map-view';
import { expect, test } from 'vitest';

const extent = { width: 800, height: 600 };
const points = [
	{ id: 'a', x: 0.2, y: 0.5 },
	{ id: 'b', x: 0.5, y: 0.5 },
	{ id: 'c', x: 0.5, y: 0.9 }
];

test('at first the whole map is in view, in the middle', () => {
	const view = fitView(extent);
	for (const place of [
		{ x: 0, y: 0 },
		{ x: 1, y: 1 }
	]) {
		expect(isInView(view, place, extent)).toBe(true);
	}
	expect(toScreen(view, { x: 0.5, y: 0.5 })).toEqual({ x: 400, y: 300 });
});

test('the place under the pointer stays under it when the map is brought closer', () => {
	const view = panView(fitView(extent), 37, -12);
	const at = toScreen(view, { x: 0.3, y: 0.7 });
	const closer = zoomView(view, 3, at, extent);
	expect(toScreen(closer, { x: 0.3, y: 0.7 }).x).toBeCloseTo(at.x);
	expect(toScreen(closer, { x: 0.3, y: 0.7 }).y).toBeCloseTo(at.y);
	expect(closer.scale).toBeCloseTo(view.scale * 3);
});

test('it goes neither so close nor so far that the notes are lost', () => {
	const view = fitView(extent);
	const middle = { x: 400, y: 300 };
	expect(zoomView(view, 1e6, middle, extent).scale).toBeCloseTo(view.scale * 60);
	expect(zoomView(view, 1e-6, middle, extent).scale).toBeCloseTo(view.scale * 0.5);
});

test('a press finds the nearest note, and none where there is none', () => {
	const view = fitView(extent);
	const { x, y } = toScreen(view, { x: 0.5, y: 0.5 });
	expect(pointAt(points, view, { x: x + 4, y: y - 3 }, 14)?.id).toBe('b');
	expect(pointAt(points, view, { x: x + 100, y: y - 100 }, 14)).toBeNull();
});

test('an arrow key goes to the nearest note that lies that way', () => {
	const [a, b] = points;
	expect(pointTowards(points, a ?? { x: 0, y: 0 }, { x: 1, y: 0 })?.id).toBe('b');
	expect(pointTowards(points, b ?? { x: 0, y: 0 }, { x: 0, y: 1 })?.id).toBe('c');
	expect(pointTowards(points, b ?? { x: 0, y: 0 }, { x: 1, y: 0 })).toBeNull();
});

test('a note can be brought to the middle', () => {
	const view = centreView(
		zoomView(fitView(extent), 8, { x: 0, y: 0 }, extent),
		{ x: 1, y: 1 },
		extent
	);
	expect(toScreen(view, { x: 1, y: 1 })).toEqual({ x: 400, y: 300 });
});
