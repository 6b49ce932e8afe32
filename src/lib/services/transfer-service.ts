import type { ImportReport, ImportRemark, ImportedNote } from '$lib/domain/import';
import type { OnProgress } from '$lib/domain/progress';

/** What the chosen files hold, before anything is written. */
export interface ImportPreview {
	readonly notes: readonly ImportedNote[];
	readonly remarks: readonly ImportRemark[];
	readonly totalBytes: number;
}

export interface ChosenFile {
	/** Path relative to the chosen folder, or the file's name. */
	readonly path: string;
	readonly file: File;
}

/** Notes in and out of the notebook as files. */
export interface TransferService {
	readFiles(files: readonly ChosenFile[], onProgress?: OnProgress): Promise<ImportPreview>;
	/** Writes the previewed notes in batches, each one transaction. */
	importNotes(preview: ImportPreview, onProgress?: OnProgress): Promise<ImportReport>;
	/** All notes as a zip of Markdown files with frontmatter, to the browser's downloads. */
	exportMarkdown(
		onProgress?: OnProgress
	): Promise<{ fileName: string; notes: number; bytes: number }>;
}
