import { secondMs } from '$lib/shared/time';
import { createEmitter } from '$lib/shared/emitter';

/** Whether somebody is at work in this tab. */
export interface IdleWatch {
	isIdle(): boolean;
	/** Told at each change: at the first touch, and when none came for a while. */
	onChanged(listener: (isIdle: boolean) => void): () => void;
}

/** Somebody who has not touched the app for this long pauses. */
const pauseMs = 20 * secondMs;
const touches = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart', 'input'];

export const watchIdle = (): IdleWatch => {
	const changed = createEmitter<boolean>();
	// The start counts as a touch: what the user came for goes first.
	let touchedAt = performance.now();
	let told = false;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const isIdle = (): boolean => document.hidden || performance.now() - touchedAt >= pauseMs;
	const tell = (): void => {
		if (isIdle() !== told) changed.emit((told = !told));
		clearTimeout(timer);
		timer = setTimeout(tell, Math.max(0, touchedAt + pauseMs - performance.now()));
		if (told) clearTimeout(timer);
	};
	const touch = (): void => {
		touchedAt = performance.now();
		if (told) tell();
	};
	for (const name of touches) addEventListener(name, touch, { passive: true, capture: true });
	document.addEventListener('visibilitychange', tell);
	tell();
	return { isIdle, onChanged: changed.subscribe };
};
