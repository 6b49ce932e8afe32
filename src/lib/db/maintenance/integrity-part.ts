import type { Breathe } from '$lib/shared/pacer';
import type { Database } from '$lib/db/sqlite/database';

export interface PartResult {
	readonly checked: number;
	readonly findings: readonly string[];
	readonly stopped?: boolean;
}

export interface PartContext {
	readonly quick: boolean;
	readonly breathe: Breathe;
}

export type PartCheck = (
	database: Database,
	context: PartContext
) => Promise<PartResult> | PartResult;
