import type { Database } from '$lib/db/sqlite/database';

/** The number that this PRAGMA answers with. */
export const readPragma = (database: Database, pragma: string): number =>
	Object.values(database.get<Record<string, number>>(`PRAGMA ${pragma}`) ?? {})[0] ?? 0;
