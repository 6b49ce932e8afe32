import type { MapPoint } from '$lib/state/note-map.svelte';
import { toScreen, type Extent, type MapView } from './map-view';

/** As the theme has them, ready for a canvas. */
export interface MapColours {
	/** Of the legend, in its order. */
	readonly tags: readonly string[];
	readonly plain: string;
	readonly faint: string;
	readonly ring: string;
	readonly text: string;
	readonly halo: string;
}

export interface MapScene {
	readonly points: readonly MapPoint[];
	/** What a search found, lit before all others; null without a search. */
	readonly lit: readonly MapPoint[] | null;
	readonly active: MapPoint | null;
}

const turn = 2 * Math.PI;

/** Draws the whole map anew: one path for each colour, so that thousands cost a few milliseconds. */
export const drawMap = (
	context: CanvasRenderingContext2D,
	scene: MapScene,
	view: MapView,
	extent: Extent,
	colours: MapColours
): void => {
	context.clearRect(0, 0, extent.width, extent.height);
	const radius = radiusOf(scene.points.length, view, extent);
	const { points, lit } = scene;
	if (lit) drawDots(context, points, view, extent, colours.faint, radius);
	for (const [colour, dots] of byColour(lit ?? points)) {
		const fill = colour < 0 ? colours.plain : (colours.tags[colour] ?? colours.plain);
		drawDots(context, dots, view, extent, fill, lit ? radius + 1.5 : radius);
	}
	if (scene.active) drawActive(context, scene.active, view, extent, colours, radius);
};

const radiusOf = (count: number, view: MapView, { width, height }: Extent): number => {
	const zoom = view.scale / Math.max(1, Math.min(width, height));
	const base = count > 3_000 ? 2 : count > 500 ? 3 : 4.5;
	return Math.min(9, base * Math.max(1, Math.sqrt(zoom)));
};

const byColour = (points: readonly MapPoint[]): ReadonlyMap<number, MapPoint[]> => {
	const groups = new Map<number, MapPoint[]>();
	for (const point of points) {
		const group = groups.get(point.colour);
		if (group) group.push(point);
		else groups.set(point.colour, [point]);
	}
	return groups;
};

const drawDots = (
	context: CanvasRenderingContext2D,
	points: readonly MapPoint[],
	view: MapView,
	{ width, height }: Extent,
	fill: string,
	radius: number
): void => {
	context.fillStyle = fill;
	context.beginPath();
	for (const point of points) {
		const { x, y } = toScreen(view, point);
		if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
		context.moveTo(x + radius, y);
		context.arc(x, y, radius, 0, turn);
	}
	context.fill();
};

const drawActive = (
	context: CanvasRenderingContext2D,
	point: MapPoint,
	view: MapView,
	{ width }: Extent,
	{ ring, text, halo }: MapColours,
	radius: number
): void => {
	const { x, y } = toScreen(view, point);
	context.strokeStyle = ring;
	context.lineWidth = 2;
	context.beginPath();
	context.arc(x, y, radius + 4, 0, turn);
	context.stroke();
	const title = shorten(point.title || 'Untitled');
	context.font = '500 13px system-ui, sans-serif';
	const isRight = x > width / 2;
	context.textAlign = isRight ? 'right' : 'left';
	context.textBaseline = 'middle';
	context.lineWidth = 4;
	context.lineJoin = 'round';
	context.strokeStyle = halo;
	context.fillStyle = text;
	const at = isRight ? x - radius - 9 : x + radius + 9;
	context.strokeText(title, at, y);
	context.fillText(title, at, y);
};

const longestTitle = 40;
const shorten = (title: string): string =>
	title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title;
