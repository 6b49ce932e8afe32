import type { Connection } from '$lib/db/sqlite/connection';
import type { Database } from '$lib/db/sqlite/database';
import { createDatabase } from '$lib/db/sqlite/database';
import { checkIntegrity } from './check-integrity';

/**
 * All that speaks against a new file of ours that is open and at rest. The structure is read past that
 * connection: SQLite would look through the full-text index there as well, which has a better check here.
 */
export const findDamage = async (
	openBeside: () => Connection,
	database: Database
): Promise<readonly string[]> => {
	const beside = createDatabase(openBeside());
	try {
		const reports = [
			...(await checkIntegrity(beside, ['structure', 'foreign-keys'], false)),
			...(await checkIntegrity(database, ['full-text', 'note-hashes'], false))
		];
		return reports.flatMap(({ findings }) => findings);
	} finally {
		beside.close();
	}
};
