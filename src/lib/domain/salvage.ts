import type { BackupManifest, NoteReference } from './backup';

/** Rows of one table that could be read. */
export interface SalvagedTable {
	readonly table: string;
	readonly saved: number;
	/** Places that could not be read; null when it cannot be told how many there were. */
	readonly lost: number | null;
}

/** A note that is known to have been there. */
export interface LostNote {
	/** Its row number. */
	readonly seq: number;
	/** Null when the index of ids was damaged too. */
	readonly id: string | null;
}

/** What became of a damaged file. Nothing in it was changed. */
export interface SalvageReport {
	/** Notes whose text matches the hash stored with them. */
	readonly sound: number;
	/** Read, but the text does not match its hash: kept, and tagged `damaged`. */
	readonly damaged: readonly NoteReference[];
	/** Found in single pages, outside of their table; whole, but perhaps deleted long ago. */
	readonly stray: readonly NoteReference[];
	readonly lost: readonly LostNote[];
	readonly tables: readonly SalvagedTable[];
	/** What was wrong with the file, in plain sentences. */
	readonly remarks: readonly string[];
	readonly durationMs: number;
}

/** What was saved is a backup like any other: read back, hashed, restored in the same way. */
export interface Salvaged {
	readonly report: SalvageReport;
	readonly backup: BackupManifest;
}

/** A backup with the notes of a salvage that are newer, or that it does not have. */
export interface JoinedBackup {
	readonly backup: BackupManifest;
	readonly added: number;
	readonly replaced: number;
}

/** The tag of a note that was read out of a damaged file and does not match its hash. */
export const damagedTag = 'damaged';

/** One sentence for a list or a log. */
export const describeSalvage = ({ sound, damaged, stray, lost }: SalvageReport): string => {
	const parts = [
		`${sound} saved whole`,
		...(stray.length > 0 ? [`${stray.length} of them found outside of their table`] : []),
		...(damaged.length > 0 ? [`${damaged.length} saved with damage`] : []),
		`${lost.length} lost`
	];
	return `${parts.join(', ')}.`;
};
