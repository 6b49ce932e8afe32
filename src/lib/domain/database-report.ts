export interface IntegrityReport {
	readonly status: 'ok' | 'damaged';
	/** Plain sentences, grouped by table. */
	readonly findings: readonly string[];
	readonly durationMs: number;
}

/** One part of the full check, so that health can show each with its own light. */
export type IntegrityPart =
	| 'structure' // PRAGMA integrity_check or quick_check
	| 'foreign-keys'
	| 'full-text' // FTS5 integrity-check against the notes
	| 'note-hashes' // SHA-256 of every note
	| 'passages' // passages match the note text they were cut from
	| 'vectors'; // NaN, zero norm, wrong size, orphan

export interface IntegrityPartReport {
	readonly part: IntegrityPart;
	readonly status: 'ok' | 'damaged';
	readonly checked: number;
	readonly findings: readonly string[];
	/** Damage ended the check before its end: what else there is nobody knows. */
	readonly stopped?: boolean;
	readonly durationMs: number;
}

export interface TableSize {
	readonly name: string;
	readonly bytes: number;
	readonly unusedBytes: number;
	/** Null for an index or when the table cannot be counted. */
	readonly rows: number | null;
}

export interface DatabaseSize {
	readonly bytes: number;
	readonly pageSize: number;
	readonly freeableBytes: number;
	readonly tables: readonly TableSize[];
}

export interface VacuumReport {
	readonly beforeBytes: number;
	readonly afterBytes: number;
	readonly predictedBytes: number;
	readonly durationMs: number;
}

/** A statement of the app that took long in this session. */
export interface SlowQuery {
	readonly sql: string;
	readonly count: number;
	readonly p95Ms: number;
	/** EXPLAIN QUERY PLAN, line by line. */
	readonly plan: readonly string[];
	/** Null unless an index would certainly be used. */
	readonly advice: string | null;
}

/** A note that takes much of the file. */
export interface LargeNote {
	readonly id: string;
	readonly title: string;
	/** Title and text, in UTF-8. */
	readonly textBytes: number;
	readonly passages: number;
	readonly vectorBytes: number;
}

export interface SqlResult {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly unknown[])[];
	readonly rowsAffected: number;
	readonly durationMs: number;
}

export interface DatabaseFacts {
	readonly notes: number;
	readonly trashedNotes: number;
	readonly chunks: number;
	readonly vectors: number;
	readonly notesMissingEmbeddings: number;
	readonly databaseBytes: number;
	readonly freeableBytes: number;
	readonly schemaVersion: number;
	readonly sqliteVersion: string;
	/** When this notebook was first created in this browser. */
	readonly notebookCreatedAtMs: number;
	/** Newest updatedAt of any note, for the clock check; null without notes. */
	readonly newestNoteAtMs: number | null;
}

/** Bytes in OPFS by purpose. */
export interface StorageUse {
	readonly notes: number;
	readonly vectors: number;
	readonly backups: number;
}
