import type { Place } from './map-view';

export interface MapGestureDeps {
	readonly pan: (dx: number, dy: number) => void;
	readonly zoom: (factor: number, at: Place) => void;
	/** The pointer is here, and nothing is pressed. */
	readonly hover: (at: Place) => void;
	/** A press that was no drag. */
	readonly press: (at: Place) => void;
}

/** A hand that trembles is no drag. */
const slack = 5;
const wheelSpeed = 0.0015;

/** One pointer drags, two pinch, the wheel zooms. */
export const createMapGestures = (deps: MapGestureDeps) => ({
	attach: (element: HTMLElement): (() => void) => {
		const pointers = new Map<number, Place>();
		let travelled = 0;
		const placeOf = (event: MouseEvent): Place => {
			const { left, top } = element.getBoundingClientRect();
			return { x: event.clientX - left, y: event.clientY - top };
		};
		const down = (event: PointerEvent): void => {
			if (event.button !== 0) return;
			element.setPointerCapture(event.pointerId);
			pointers.set(event.pointerId, placeOf(event));
			if (pointers.size === 1) travelled = 0;
		};
		const move = (event: PointerEvent): void => {
			const at = placeOf(event);
			const before = pointers.get(event.pointerId);
			if (!before) {
				if (event.pointerType === 'mouse') deps.hover(at);
				return;
			}
			const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
			travelled += distance(before, at);
			if (other)
				deps.zoom(distance(at, other) / Math.max(1, distance(before, other)), middleOf(at, other));
			else if (travelled > slack) deps.pan(at.x - before.x, at.y - before.y);
			pointers.set(event.pointerId, at);
		};
		const up = (event: PointerEvent): void => {
			const wasAlone = pointers.size === 1;
			if (pointers.delete(event.pointerId) && wasAlone && travelled <= slack) {
				deps.press(placeOf(event));
			}
		};
		const cancel = (event: PointerEvent): void => void pointers.delete(event.pointerId);
		const wheel = (event: WheelEvent): void => {
			event.preventDefault();
			deps.zoom(Math.exp(-event.deltaY * wheelSpeed), placeOf(event));
		};
		element.addEventListener('pointerdown', down);
		element.addEventListener('pointermove', move);
		element.addEventListener('pointerup', up);
		element.addEventListener('pointercancel', cancel);
		element.addEventListener('wheel', wheel, { passive: false });
		return () => {
			element.removeEventListener('pointerdown', down);
			element.removeEventListener('pointermove', move);
			element.removeEventListener('pointerup', up);
			element.removeEventListener('pointercancel', cancel);
			element.removeEventListener('wheel', wheel);
		};
	}
});

const distance = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y);
const middleOf = (a: Place, b: Place): Place => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
