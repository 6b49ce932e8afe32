import type { ChosenFile, ImportPreview, ImportReport } from '$lib/domain/import';
import type { JobWatch, OnProgress } from '$lib/domain/progress';
import type { DbApi } from '$lib/protocol/db-api';
import { toFileStamp, type Clock } from '$lib/shared/time';
import { compareImport } from './compare-import';
import { writeImport } from './write-import';

export type { ChosenFile, ImportPreview };

/** Notes in and out of the notebook as files. */
export interface TransferService {
	/** What the files hold, without the notes that the notebook has already. Writes nothing. */
	readFiles(files: readonly ChosenFile[], watch?: JobWatch): Promise<ImportPreview>;
	/**
	 * Writes the previewed notes in batches, each one transaction. When it is ended between two, the
	 * report says what was written until then.
	 */
	importNotes(preview: ImportPreview, watch?: JobWatch): Promise<ImportReport>;
	/** All notes as a zip of Markdown files with frontmatter, to the browser's downloads. */
	exportMarkdown(
		onProgress?: OnProgress
	): Promise<{ fileName: string; notes: number; bytes: number }>;
}

export interface TransferDependencies {
	readonly db: Pick<DbApi, 'importNotes' | 'matchImport' | 'readNotes' | 'listNotes'>;
	/** Hands a file to the browser's downloads. */
	readonly saveFile: (blob: Blob, fileName: string) => Promise<void> | void;
	readonly now: Clock;
}

const notesPerRead = 100;

/** The readers and writers of formats are loaded when they are first needed. */
export const createTransferService = ({
	db,
	saveFile,
	now
}: TransferDependencies): TransferService => ({
	readFiles: async (files, watch) => {
		const { readFiles } = await import('$lib/importers/read-files');
		return compareImport(db, await readFiles(files, watch), watch);
	},
	importNotes: async (preview, watch) => writeImport(db, preview, now(), watch),
	exportMarkdown: async (onProgress) => {
		const { writeMarkdownZip } = await import('$lib/exporters/markdown-zip');
		const { total } = await db.listNotes({ sort: 'updated', offset: 0, limit: 1 });
		const { blob, notes } = await writeMarkdownZip(
			async (afterId) => db.readNotes(afterId, notesPerRead),
			(done) => onProgress?.({ step: 'Writing the notes', done, total: Math.max(done, total) })
		);
		const fileName = `ai-notes-${toFileStamp(now())}.zip`;
		await saveFile(blob, fileName);
		return { fileName, notes, bytes: blob.size };
	}
});
