/** One note found in an import, before it is written. */
export interface ImportedNote {
	/** Where it came from, relative to what the user chose: shown in the report. */
	readonly source: string;
	readonly title: string;
	readonly body: string;
	readonly tags: readonly string[];
	readonly path: string;
	readonly createdAtMs: number | null;
	readonly updatedAtMs: number | null;
}

export type ImportOutcome = 'taken' | 'changed' | 'skipped';

/** One line of the report: nothing is lost silently. */
export interface ImportRemark {
	readonly source: string;
	readonly outcome: ImportOutcome;
	readonly reason: string;
}

export interface ImportReport {
	readonly taken: number;
	readonly changed: number;
	readonly skipped: number;
	/** Every changed or skipped source, and nothing for those taken as they were. */
	readonly remarks: readonly ImportRemark[];
}
