import type { Circumstances } from '$lib/domain/schedule';
import type { SessionService } from '$lib/services/session-service';
import { secondMs } from '$lib/shared/time';

/** Somebody who has not touched the app for this long pauses. */
const pauseMs = 20 * secondMs;
const touches = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart', 'input'];

interface Battery {
	readonly charging: boolean;
}

/** What the schedule asks of this tab before it starts a task. */
export const watchCircumstances = (session: SessionService): (() => Promise<Circumstances>) => {
	// The start counts as a touch: what the user came for goes first.
	let touchedAt = performance.now();
	for (const name of touches) {
		addEventListener(name, () => (touchedAt = performance.now()), { passive: true, capture: true });
	}
	return async () => ({
		notebookOpen: session.current.phase === 'ready',
		idle: document.hidden || performance.now() - touchedAt >= pauseMs,
		onPower: await readPower()
	});
};

const readPower = async (): Promise<boolean | null> => {
	const { getBattery } = navigator as { getBattery?: () => Promise<Battery> };
	try {
		return getBattery ? (await getBattery.call(navigator)).charging : null;
	} catch {
		return null; // forbidden by a policy: as if the browser did not tell
	}
};
