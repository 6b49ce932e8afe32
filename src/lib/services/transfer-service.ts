import type { ChosenFile, ImportPreview, ImportReport } from '$lib/domain/import';
import type { OnProgress } from '$lib/domain/progress';

export type { ChosenFile, ImportPreview };

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
