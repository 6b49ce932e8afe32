import type { VacuumReport } from '$lib/domain/database-report';
import { AppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';
import { readStructureFindings } from './check-structure';
import { compareFacts, readContentFacts } from './content-facts';
import { readBytes } from './database-size';
import { readFreeableBytes } from './freeable-bytes';

/** VACUUM, with a forecast before it and a look at the result after it. `predictedBytes` is the size foreseen. */
export const compact = (database: Database): VacuumReport => {
	const startedAt = performance.now();
	const beforeBytes = readBytes(database);
	const predictedBytes = beforeBytes - readFreeableBytes(database);
	const before = readContentFacts(database);
	database.run('VACUUM');
	const findings = [
		...compareFacts(before, readContentFacts(database), 'After compacting'),
		...readStructureFindings(database, true)
	];
	if (findings.length > 0) throw new AppError('db-damaged', findings.join(' '));
	const afterBytes = readBytes(database);
	return { beforeBytes, afterBytes, predictedBytes, durationMs: performance.now() - startedAt };
};
