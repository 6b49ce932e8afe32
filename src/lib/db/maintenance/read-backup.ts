import { AppError } from '$lib/shared/app-error';
import type { Mutex } from '$lib/shared/mutex';
import type { Database } from '$lib/db/sqlite/database';
import { compareNotes } from './compare-notes';
import type { NotebookContext } from './context';
import { readBackedUpNote } from './look-into';
import type { BackupStore } from './notebook';
import { openAside, toAsideFile } from './open-aside';

type Reading = Pick<BackupStore, 'compareBackup' | 'readBackupNote'>;

/** Looks into a backup without restoring it. */
export const createReading = (context: NotebookContext, queue: Mutex): Reading => {
	const look = <T>(name: string, work: (database: Database) => T): Promise<T> =>
		queue.run(async () => {
			const manifest = await context.files.manifest(name);
			const file = await context.files.file(name);
			return openAside<T>(context, toAsideFile(context, manifest, file), {
				refused({ report }) {
					throw new AppError('backup-invalid', report.findings.join(' '));
				},
				opened: work
			});
		});

	return {
		compareBackup: (name) =>
			look(name, (backup) => ({ name, ...compareNotes(context.live.database, backup) })),
		readBackupNote: (name, id, modelKey) =>
			look(name, (backup) => readBackedUpNote(backup, { name, id, modelKey }))
	};
};
