import type { OnProgress } from '$lib/domain/progress';
import type { Database } from '$lib/db/sqlite/database';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import type { Pool } from '$lib/db/sqlite/pool';

export interface SalvageJob {
	readonly engine: SqliteEngine;
	readonly pool: Pool;
	/** A copy of the damaged file in the pool; its header may be changed. */
	readonly path: string;
	/** Just made by our own migrations. */
	readonly target: Database;
	readonly newId: () => string;
	readonly now: () => number;
	readonly onProgress: OnProgress;
}
