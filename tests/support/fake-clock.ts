import type { Clock } from '$lib/shared/time';

export interface FakeClock {
	readonly now: Clock;
	advance(ms: number): void;
	set(timeMs: number): void;
}

/** A clock that stands still until it is moved. */
export const createFakeClock = (startMs = Date.UTC(2026, 4, 12, 9, 30)): FakeClock => {
	let timeMs = startMs;
	return {
		now: () => timeMs,
		advance: (ms) => {
			timeMs += ms;
		},
		set: (next) => {
			timeMs = next;
		}
	};
};
