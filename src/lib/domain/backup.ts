export type BackupKind = 'manual' | 'automatic' | 'restore-point' | 'quarantined';

/** What the file of a backup is about to become. */
export interface PendingFile {
	readonly sha256: string;
	readonly sizeBytes: number;
	readonly keyId: string;
}

/** What a backup must hold to be believed. Written beside the file as JSON and compared on verify. */
export interface BackupManifest {
	readonly formatVersion: 1;
	/** `ai-notes-20260512T093000Z.sqlite3`, with `.age` behind it when it is encrypted. */
	readonly name: string;
	readonly createdAtMs: number;
	readonly kind: BackupKind;
	readonly label: string;
	readonly pinned: boolean;
	readonly encrypted: boolean;
	/** Of the file as it lies there, encrypted or not. */
	readonly sizeBytes: number;
	readonly sha256: string;
	/** Of the database inside an encrypted file. */
	readonly plainSha256?: string;
	/** Which key of this browser an encrypted file is under. */
	readonly keyId?: string;
	/** The file is being replaced by one under another key: it is whole as one of the two. */
	readonly pending?: PendingFile;
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

/** What the name of an encrypted backup ends with. */
export const encryptedSuffix = '.age';

/**
 * `ai-notes-20260512T093000Z.sqlite3`, with `-2` and so on when that one is taken, plain or encrypted:
 * two backups never differ in their last letters only.
 */
export const chooseBackupName = (
	stamp: string,
	isTaken: (name: string) => boolean,
	encrypted = false
): string => {
	for (let attempt = 1; ; attempt += 1) {
		const suffix = attempt === 1 ? '' : `-${attempt}`;
		const plain = `ai-notes-${stamp}${suffix}.sqlite3`;
		if (isTaken(plain) || isTaken(plain + encryptedSuffix)) continue;
		return encrypted ? plain + encryptedSuffix : plain;
	}
};

/**
 * What the manifest of a file that was being replaced should say, now that the file's hash is known: the
 * old or the new one. With another hash it stays as it is, and the file is found to be damaged.
 */
export const settlePending = (manifest: BackupManifest, sha256: string): BackupManifest => {
	const { pending, ...rest } = manifest;
	if (!pending) return manifest;
	if (sha256 === rest.sha256) return rest;
	return sha256 === pending.sha256 ? { ...rest, ...pending } : manifest;
};

const longestLabel = 80;

/** One line, not too long for a table. */
export const cleanLabel = (label: string): string =>
	Array.from(label.replace(/\s+/g, ' ').trim()).slice(0, longestLabel).join('');

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
