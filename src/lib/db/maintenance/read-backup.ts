import { noteHash } from '$lib/domain/note-hash';
import { AppError } from '$lib/shared/app-error';
import type { Mutex } from '$lib/shared/mutex';
import type { Database } from '$lib/db/sqlite/database';
import { compareNotes } from './compare-notes';
import type { NotebookContext } from './context';
import { rowToNote, type NoteRow } from './note-rows';
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
		readBackupNote: (name, noteId) =>
			look(name, (backup) => {
				const row = backup.get<NoteRow>('SELECT * FROM notes WHERE id = $id', { $id: noteId });
				if (!row) throw new AppError('note-missing', `${name} does not hold that note.`);
				const note = rowToNote(row);
				if (note && noteHash(note) === row.content_hash) return note;
				throw new AppError('backup-invalid', `${name}: that note does not match its hash.`);
			})
	};
};
