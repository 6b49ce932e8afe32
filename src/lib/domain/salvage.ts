import type { BackupManifest, NoteReference } from './backup';

/** From the first to the last row number, both included. */
export interface RowRange {
	readonly from: number;
	readonly to: number;
}

/** Rows of one table that could be read. */
export interface SalvagedTable {
	readonly table: string;
	readonly saved: number;
	/** Places that could not be read; null when it cannot be told how many there were. */
	readonly lost: number | null;
	/** Row numbers between which nothing can be read; there need not have been a row at each. */
	readonly unread: readonly RowRange[];
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
	/** The same notes by name. */
	readonly whole: readonly NoteReference[];
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
	/** Notes whose text in the salvage is newer but damaged: the sound, older one of the backup was kept. */
	readonly keptOlder: readonly NoteReference[];
	/** Notes that only the backup has: lost by the damage, or deleted since. */
	readonly onlyInBase: readonly NoteReference[];
}

/** The tag of a note that was read out of a damaged file and does not match its hash. */
export const damagedTag = 'damaged';

const labels = { salvaged: 'salvaged:', joined: 'joined:' } as const;

export const labelOfSalvage = (report: SalvageReport): string =>
	`${labels.salvaged} ${describeSalvage(report)}`;

export const labelOfJoin = (base: string, newer: number): string =>
	`${labels.joined} ${base} with ${newer} newer ${newer === 1 ? 'note' : 'notes'} of a salvage`;

/** Made out of a damaged file, wholly or in part. */
export const isFromSalvage = ({ label }: Pick<BackupManifest, 'label'>): boolean =>
	Object.values(labels).some((start) => label.startsWith(start));

export interface SettledLosses {
	readonly back: readonly LostNote[];
	readonly gone: readonly LostNote[];
}

/** Lost notes that a joined backup has after all, and those that are in neither. */
export const settleLost = (
	{ lost }: SalvageReport,
	{ onlyInBase }: Pick<JoinedBackup, 'onlyInBase'>
): SettledLosses => {
	const ids = new Set<string | null>(onlyInBase.map(({ id }) => id));
	return {
		back: lost.filter(({ id }) => ids.has(id)),
		gone: lost.filter(({ id }) => !ids.has(id))
	};
};

/** Whether the notes listed as lost are all of them. */
export const isLossKnown = ({ tables }: Pick<SalvageReport, 'tables'>): boolean =>
	tables.some(({ table, lost }) => table === 'notes' && lost !== null);

/** One sentence for a list or a log. */
export const describeSalvage = (report: SalvageReport): string => {
	const { sound, damaged, stray, lost } = report;
	const parts = [
		`${sound} saved whole`,
		...(stray.length > 0 ? [`${stray.length} of them found outside of their table`] : []),
		...(damaged.length > 0 ? [`${damaged.length} saved with damage`] : []),
		isLossKnown(report)
			? `${lost.length} lost`
			: `${lost.length > 0 ? `${lost.length} lost, and ` : ''}whether more were there cannot be told`
	];
	return `${parts.join(', ')}.`;
};
