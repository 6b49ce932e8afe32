import type { SalvageReport } from '$lib/domain/salvage';
import { AppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';
import { checkIntegrity } from '$lib/db/maintenance/check-integrity';
import { openDamagedCopy } from './damaged-copy';
import { recordDamaged } from './damaged-notes';
import type { SalvageJob } from './salvage-job';
import { salvageNotes } from './salvage-notes';
import { salvageRest } from './salvage-rest';

/**
 * Reads what can be read of a damaged file into a new database: table by table, row by row where it must
 * be, and page by page where the tables do not lead to the rows any more. Every note is held against its
 * hash. Resolves only when the new database is sound; rejects with `db-damaged` when nothing was found.
 */
export const salvageFile = async (job: SalvageJob): Promise<Omit<SalvageReport, 'durationMs'>> => {
	const { engine, pool, path, target, onProgress } = job;
	onProgress({ step: 'Opening a copy of the damaged file', done: 0, total: 4 });
	const copy = openDamagedCopy(engine, pool, path);
	try {
		// Rows are put in as they are found; what points to a missing row is taken out at the end.
		target.run('PRAGMA foreign_keys = OFF');
		onProgress({ step: 'Reading notes', done: 1, total: 4 });
		const found = target.transaction(() => salvageNotes(job, copy));
		onProgress({ step: 'Reading the other tables', done: 2, total: 4 });
		const rest = salvageRest(copy.database, target);
		target.run('PRAGMA foreign_keys = ON');
		recordDamaged(
			target,
			found.damaged.map(({ id }) => id)
		);
		onProgress({ step: 'Checking what was saved', done: 3, total: 4 });
		await assertSound(target);
		onProgress({ step: 'Saved', done: 4, total: 4 });
		const { notes, ...report } = found;
		return { ...report, tables: [notes, ...rest], remarks: [...copy.remarks, ...found.remarks] };
	} finally {
		(copy.database ?? copy.connection.handle).close();
	}
};

const assertSound = async (target: Database): Promise<void> => {
	const parts = ['structure', 'foreign-keys', 'full-text', 'note-hashes', 'passages'] as const;
	const reports = await checkIntegrity(target, parts, false);
	const findings = reports.flatMap((report) => report.findings);
	if (findings.length === 0) return;
	throw new AppError('restore-failed', `What was saved is not sound: ${findings.join(' ')}`);
};
