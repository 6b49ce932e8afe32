import { dayMs } from '$lib/shared/time';

/** A clock that is wrong is mostly put right within this. */
const settledMs = 2 * dayMs;

/**
 * Whether a history, known by the times of its entries, holds nothing between what would be removed as
 * too old and the last two days: then the clock may have jumped ahead, and all of it looks old.
 */
export const isAfterJump = (
	timesMs: readonly number[],
	nowMs: number,
	oldestKeptMs: number
): boolean => !timesMs.some((timeMs) => timeMs >= oldestKeptMs && timeMs <= nowMs - settledMs);
