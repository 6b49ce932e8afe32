import type { Breathe } from '$lib/shared/pacer';
import type { Database } from '$lib/db/sqlite/database';

export interface PartResult {
	readonly checked: number;
	readonly findings: readonly string[];
	readonly stopped?: boolean;
}

export interface CheckPace {
	/** Gives the thread back now and then; may throw to end the check. */
	readonly breathe: Breathe;
	/** Asked in the midst of a long statement: true ends it. */
	readonly isEnded: () => boolean;
}

export interface PartContext extends CheckPace {
	readonly quick: boolean;
}

export type PartCheck = (
	database: Database,
	context: PartContext
) => Promise<PartResult> | PartResult;
