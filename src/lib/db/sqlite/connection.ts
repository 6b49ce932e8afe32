import type { Database as OoDatabase } from '@sqlite.org/sqlite-wasm';
import type { SqliteEngine } from './engine';
import type { TakeStorageFault } from './sqlite-errors';

/** An open file of SQLite with what its engine needs to reach below SQL. Stays inside db/sqlite. */
export interface Connection {
	readonly engine: SqliteEngine;
	readonly handle: OoDatabase;
	readonly takeFault: TakeStorageFault;
	/** Reasons to end a running statement: see `interrupt.ts`. */
	readonly interrupts: Set<() => boolean>;
}
