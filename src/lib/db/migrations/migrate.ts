import { AppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';
import { applicationId, migrations, newestSchemaVersion } from './index';

export const readSchemaVersion = (database: Database): number =>
	database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;

export const readApplicationId = (database: Database): number =>
	database.get<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0;

/** Brings the schema to `target`, each step wholly or not at all. A newer file is refused. */
export const migrate = (database: Database, target = newestSchemaVersion): void => {
	const version = readSchemaVersion(database);
	if (version > newestSchemaVersion) {
		const message = `The notebook has schema ${version}; this version of the app knows up to ${newestSchemaVersion}.`;
		throw new AppError('db-newer-than-app', message, { version, known: newestSchemaVersion });
	}
	for (const migration of migrations) {
		if (migration.number <= version || migration.number > target) continue;
		database.transaction(() => {
			database.run(migration.sql);
			database.run(`PRAGMA application_id = ${applicationId}`);
			database.run(`PRAGMA user_version = ${migration.number}`);
		});
	}
};
