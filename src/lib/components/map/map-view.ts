/** Where the plane of the map, 0 to 1 both ways, lies on the screen: `at = place × scale + offset`. */
export interface MapView {
	readonly scale: number;
	readonly x: number;
	readonly y: number;
}

export interface Place {
	readonly x: number;
	readonly y: number;
}

export interface Extent {
	readonly width: number;
	readonly height: number;
}

const margin = 24;
const nearestZoom = 0.5;
const farthestZoom = 60;

/** All of the plane, in the middle. */
export const fitView = ({ width, height }: Extent): MapView => {
	const scale = Math.max(1, Math.min(width, height) - 2 * margin);
	return { scale, x: (width - scale) / 2, y: (height - scale) / 2 };
};

export const toScreen = ({ scale, x, y }: MapView, place: Place): Place => ({
	x: place.x * scale + x,
	y: place.y * scale + y
});

export const panView = (view: MapView, dx: number, dy: number): MapView => ({
	...view,
	x: view.x + dx,
	y: view.y + dy
});

/** Closer or farther, with the place under `at` staying where it is. */
export const zoomView = (view: MapView, factor: number, at: Place, extent: Extent): MapView => {
	const whole = fitView(extent).scale;
	const wished = Math.min(Math.max(view.scale * factor, whole * nearestZoom), whole * farthestZoom);
	const ratio = wished / view.scale;
	return { scale: wished, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
};

/** So that this place is in the middle. */
export const centreView = (view: MapView, place: Place, { width, height }: Extent): MapView => ({
	...view,
	x: width / 2 - place.x * view.scale,
	y: height / 2 - place.y * view.scale
});

/** The point nearest to a place of the screen, if it is within reach. */
export const pointAt = <Point extends Place>(
	points: readonly Point[],
	view: MapView,
	at: Place,
	reach: number
): Point | null => {
	let best: Point | null = null;
	let least = reach * reach;
	for (const point of points) {
		const { x, y } = toScreen(view, point);
		const square = (x - at.x) ** 2 + (y - at.y) ** 2;
		if (square > least) continue;
		least = square;
		best = point;
	}
	return best;
};

/** The nearest point that lies rather this way than another; for keys. */
export const pointTowards = <Point extends Place>(
	points: readonly Point[],
	from: Place,
	direction: Place
): Point | null => {
	let best: Point | null = null;
	let least = Infinity;
	for (const point of points) {
		const [dx, dy] = [point.x - from.x, point.y - from.y];
		const along = dx * direction.x + dy * direction.y;
		const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
		if (along <= 0 || aside > along) continue;
		const cost = along + 2 * aside;
		if (cost >= least) continue;
		least = cost;
		best = point;
	}
	return best;
};

export const isInView = (view: MapView, place: Place, { width, height }: Extent): boolean => {
	const { x, y } = toScreen(view, place);
	return x >= 0 && y >= 0 && x <= width && y <= height;
};
