import { formatExact } from '$lib/shared/relative-time';
import type { BackupKind, BackupManifest } from './backup';

/** How bytes left the browser. `found`: a file that was checked and is one of our backups. */
export type CopyWay = 'download' | 'folder' | 'share' | 'found';

/** A whole backup in whatever wrapping, or the notebook's file as it lay on disk, sound or not. */
export type CopyKind = BackupKind | 'recovery-kit' | 'raw-file';

/** One line of the ledger: bytes of this notebook that left the browser. */
export interface OutsideCopy {
	readonly id: number;
	/** Name of the file that left. */
	readonly name: string;
	readonly kind: CopyKind;
	readonly way: CopyWay;
	/** The folder, as the browser names it; empty for the other ways. */
	readonly place: string;
	/** Which folder that was: two may have one name. */
	readonly folderId?: string;
	readonly leftAtMs: number;
	/** When the backup inside was made. */
	readonly backupAtMs: number;
	readonly sizeBytes: number;
	/** Of the bytes that left. */
	readonly sha256: string;
	/** Hash over all notes inside, or empty where that is not known. */
	readonly contentHash: string;
	/** Null where that is not known. */
	readonly notes: number | null;
	readonly encrypted: boolean;
	/** Whether the backup had passed every check when it left. */
	readonly verified: boolean;
	/** When the same bytes were last seen outside: written and read back, or checked by the user. */
	readonly seenAtMs: number | null;
	/** When our own rotation removed the file again, or found it gone or altered. */
	readonly removedAtMs: number | null;
}

export type NewCopy = Omit<OutsideCopy, 'id'>;

/** What is remembered of the last copy beside the ledger. */
export type LastCopy = Pick<OutsideCopy, 'name' | 'way' | 'place' | 'leftAtMs' | 'notes'>;

/** The facts of a backup that are written down when it leaves. */
export const copyOfBackup = (
	manifest: BackupManifest,
	left: Pick<NewCopy, 'way' | 'sha256' | 'sizeBytes' | 'leftAtMs'> & Partial<NewCopy>
): NewCopy => ({
	name: manifest.name,
	kind: manifest.kind,
	place: '',
	backupAtMs: manifest.createdAtMs,
	contentHash: manifest.contentHash,
	notes: manifest.contentHash === '' ? null : manifest.notes,
	encrypted: manifest.encrypted,
	verified: manifest.verified,
	seenAtMs: null,
	removedAtMs: null,
	...left
});

/** Whether all notes could be brought back from it, as far as is known here. */
export const isUsable = ({ kind, verified, removedAtMs }: OutsideCopy): boolean =>
	kind !== 'raw-file' && kind !== 'quarantined' && verified && removedAtMs === null;

/** The usable copy of the newest notes, or null. */
export const newestCopy = (copies: readonly OutsideCopy[]): OutsideCopy | null =>
	copies
		.filter(isUsable)
		.toSorted((a, b) => b.backupAtMs - a.backupAtMs || b.leftAtMs - a.leftAtMs)[0] ?? null;

/** `to the downloads`, in a sentence. */
export const describeWay = ({ way, place }: Pick<OutsideCopy, 'way' | 'place'>): string => {
	switch (way) {
		case 'download':
			return 'to the downloads';
		case 'folder':
			return `to the folder “${place}”`;
		case 'share':
			return 'by sharing';
		case 'found':
			return 'seen when you checked it';
	}
};

/** `Your last copy left on 12 May, 10:02 as NAME (to the downloads): choose that file.` */
export const describeLastCopy = (last: LastCopy, nowMs: number): string =>
	`Your last copy left on ${formatExact(last.leftAtMs, nowMs)} as ${last.name} (${describeWay(last)}): choose that file.`;
