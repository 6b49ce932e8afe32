export type BackupKind = 'manual' | 'automatic' | 'restore-point' | 'quarantined';

/** What a backup must hold to be believed. Written beside the file as JSON and compared on verify. */
export interface BackupManifest {
	readonly formatVersion: 1;
	/** `ai-notes-20260512T093000Z.sqlite3` */
	readonly name: string;
	readonly createdAtMs: number;
	readonly kind: BackupKind;
	readonly label: string;
	readonly pinned: boolean;
	readonly encrypted: boolean;
	readonly sizeBytes: number;
	readonly sha256: string;
	/** Rows per table. */
	readonly counts: Readonly<Record<string, number>>;
	/** SHA-256 over the content hashes of all notes in id order. */
	readonly contentHash: string;
	readonly notes: number;
	readonly embeddings: number;
	readonly schemaVersion: number;
	readonly appVersion: string;
	readonly model: string;
	readonly verified: boolean;
	/** When it was last re-read and compared, or null. */
	readonly verifiedAtMs: number | null;
	readonly findings: readonly string[];
	readonly durationMs: number;
	/** Order in which backups were made; clocks jump, this does not. Absent in a rebuilt manifest. */
	readonly sequence?: number;
	/** What a quarantined one was asked to be, and becomes when the user accepts it. */
	readonly requestedKind?: 'manual' | 'automatic';
}

export interface BackupVerdict {
	readonly name: string;
	readonly verified: boolean;
	/** Plain sentences; empty when all is well. */
	readonly findings: readonly string[];
}

/** What a restore would do, shown before it starts. */
export interface RestoreReport {
	readonly name: string;
	readonly isSqlite: boolean;
	/** True when every check passed; false together with findings that name what is wrong. */
	readonly acceptable: boolean;
	readonly findings: readonly string[];
	readonly schemaVersion: number | null;
	readonly needsUpgrade: boolean;
	readonly notes: number | null;
	readonly sizeBytes: number;
	/** Notes of today that the backup does not have, and that differ. */
	readonly wouldLose: number | null;
	readonly wouldChange: number | null;
	readonly wouldBringBack: number | null;
}

export interface RestoreResult {
	readonly restored: BackupManifest;
	/** Name of the backup made of today's data before the switch. */
	readonly restorePoint: string;
	readonly durationMs: number;
}

export interface BackupList {
	/** How many verified automatic backups rotation keeps. */
	readonly keep: number;
	/** True after a shrunken snapshot: nothing is pruned until the user has answered. */
	readonly frozen: boolean;
	readonly backups: readonly BackupManifest[];
}

export interface NoteReference {
	readonly id: string;
	readonly title: string;
}

/** A backup seen from today. */
export interface BackupComparison {
	readonly name: string;
	readonly added: readonly NoteReference[];
	readonly changed: readonly NoteReference[];
	readonly deleted: readonly NoteReference[];
}

export interface DrillReport {
	readonly name: string;
	readonly passed: boolean;
	readonly durationMs: number;
	readonly checks: readonly {
		readonly id: string;
		readonly passed: boolean;
		readonly message: string;
	}[];
}

/** `ai-notes-20260512T093000Z.sqlite3`, with `-2` and so on when that one is taken. */
export const chooseBackupName = (stamp: string, isTaken: (name: string) => boolean): string => {
	for (let attempt = 1; ; attempt += 1) {
		const suffix = attempt === 1 ? '' : `-${attempt}`;
		const name = `ai-notes-${stamp}${suffix}.sqlite3`;
		if (!isTaken(name)) return name;
	}
};

/** For sorting, newest first: by the order of making, and only without it by the clock. */
export const compareByAge = (a: BackupManifest, b: BackupManifest): number =>
	(b.sequence ?? 0) - (a.sequence ?? 0) ||
	b.createdAtMs - a.createdAtMs ||
	b.name.localeCompare(a.name, 'en', { numeric: true });

/** The newest one that passed every check and was not put aside, of those given. */
export const newestVerified = (backups: readonly BackupManifest[]): BackupManifest | null =>
	backups
		.filter(({ verified, kind }) => verified && kind !== 'quarantined')
		.toSorted(compareByAge)[0] ?? null;

/** Fewer than half of the notes that were there before: more likely a loss than a clean-up. */
export const isShrunken = (notes: number, before: BackupManifest | null): boolean =>
	before !== null && notes * 2 < before.notes;
