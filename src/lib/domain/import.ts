import type { AppError } from '$lib/shared/app-error';

/** One note found in an import, before it is written. */
export interface ImportedNote {
	/** Where it came from, relative to what the user chose: shown in the report. */
	readonly source: string;
	readonly title: string;
	readonly body: string;
	readonly tags: readonly string[];
	readonly path: string;
	/** Only an export of this app tells; absent means not pinned. */
	readonly pinned?: boolean;
	readonly createdAtMs: number | null;
	readonly updatedAtMs: number | null;
}

export type ImportOutcome = 'taken' | 'changed' | 'skipped';

/** What the notebook has of a note that is to be imported: nothing, the very same, or its namesake. */
export type ImportMatch = 'new' | 'same' | 'other-text';

/** One line of the report: nothing is lost silently. */
export interface ImportRemark {
	readonly source: string;
	readonly outcome: ImportOutcome;
	readonly reason: string;
	/** How many files this line stands for (a hidden folder is one line); absent means 1. */
	readonly files?: number;
}

/** Counts files: `taken + changed + skipped` is everything the user chose. */
export interface ImportReport {
	readonly taken: number;
	readonly changed: number;
	readonly skipped: number;
	/** Every changed or skipped source, and of those taken as they were only what the user should know. */
	readonly remarks: readonly ImportRemark[];
	/** Why no more was tried, when the import ended before its end. */
	readonly stopped?: AppError;
}

/** What the chosen files hold, before anything is written. */
export interface ImportPreview {
	readonly notes: readonly ImportedNote[];
	readonly remarks: readonly ImportRemark[];
	readonly totalBytes: number;
	/** Notes left out because the notebook has them already; absent means none. They are in `remarks` too. */
	readonly known?: number;
}

export interface ChosenFile {
	/** Path relative to the chosen folder, or the file's name. */
	readonly path: string;
	readonly file: File;
}
