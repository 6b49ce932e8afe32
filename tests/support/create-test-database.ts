import { migrate } from '$lib/db/migrations/migrate';
import type { Database } from '$lib/db/sqlite/database';
import { loadEngine } from '$lib/db/sqlite/engine';
import { openConnection, toOwnDatabase } from '$lib/db/sqlite/open-connection';

/** A fresh notebook in memory with today's schema: the real engine, in node and in the browser. */
export const createTestDatabase = async (): Promise<Database> => {
	const engine = await loadEngine();
	const database = toOwnDatabase(openConnection(engine, { path: ':memory:', mode: 'create' }));
	migrate(database);
	return database;
};
