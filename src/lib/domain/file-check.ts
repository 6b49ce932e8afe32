import type { BackupManifest, RestoreReport } from './backup';
import { describeWay, type OutsideCopy } from './outside-copy';

/** What is known of a file after every check, without restoring anything. */
export interface FileExamination {
	readonly name: string;
	readonly sizeBytes: number;
	/** Of the file as it was given. */
	readonly sha256: string;
	/** Of the database inside a compressed or encrypted file; null when there is nothing around it. */
	readonly innerSha256: string | null;
	/** Whether it is compressed or encrypted. */
	readonly wrapped: boolean;
	readonly encrypted: boolean;
	readonly report: RestoreReport;
	readonly newer: boolean;
	/** Whether the bytes give the hash that the backup carries of itself; null when that was not reached. */
	readonly selfHash: 'whole' | 'changed' | 'absent' | null;
	/** Hash over all notes inside; null unless the file is acceptable. */
	readonly contentHash: string | null;
}

/** What is on record to hold a file against. */
export interface KnownFiles {
	readonly copies: readonly OutsideCopy[];
	readonly backups: readonly BackupManifest[];
}

/** The record that a file agrees with. `bytes`: the same file; `inside`: the same database; `notes`: the same notes. */
export interface FileMatch {
	readonly by: 'bytes' | 'inside' | 'notes';
	readonly name: string;
	readonly backupAtMs: number;
	/** The line of the ledger, when it left from here. */
	readonly copy: OutsideCopy | null;
	/** The backup in this browser, when it is still kept. */
	readonly backup: BackupManifest | null;
}

export type FileVerdictKind =
	| 'intact' // agrees with a record, and every check passed
	| 'sound' // not on record, every check passed
	| 'changed' // every note is whole, but other bytes of the file are not what they were
	| 'damaged'
	| 'newer'
	| 'not-a-backup';

export interface FileVerdict {
	readonly kind: FileVerdictKind;
	readonly name: string;
	readonly sizeBytes: number;
	/** Null of a kept backup whose file was not handed out. */
	readonly sha256: string | null;
	readonly match: FileMatch | null;
	/** What is wrong or worth knowing, in plain sentences. */
	readonly findings: readonly string[];
	readonly notes: number | null;
	/** Seen from the file: written, changed and deleted since. Null when it could not be compared. */
	readonly since: {
		readonly added: number;
		readonly changed: number;
		readonly deleted: number;
	} | null;
	readonly encrypted: boolean;
	/** It is encrypted and was not opened: only its bytes were held against the record. */
	readonly locked: boolean;
}

/** The record with the same bytes; else with the same database inside; else with the same notes. */
export const findMatch = (
	file: Pick<FileExamination, 'sha256' | 'innerSha256' | 'contentHash' | 'selfHash' | 'report'>,
	{ copies, backups }: KnownFiles
): FileMatch | null => {
	const { sha256, innerSha256, contentHash } = file;
	const hasNotes = (file.report.notes ?? 0) > 0;
	return (
		match('bytes', copies, backups, (known) => known.sha256 === sha256) ??
		match(
			'inside',
			copies,
			backups,
			(known) => innerSha256 !== null && isInside(known, innerSha256)
		) ??
		match(
			'notes',
			copies,
			backups,
			(known) => hasNotes && file.selfHash !== 'changed' && known.contentHash === contentHash
		)
	);
};

type Known = Pick<BackupManifest, 'sha256' | 'contentHash' | 'plainSha256'>;

const isInside = ({ sha256, plainSha256 }: Known, inner: string): boolean =>
	sha256 === inner || plainSha256 === inner;

const match = (
	by: FileMatch['by'],
	copies: readonly OutsideCopy[],
	backups: readonly BackupManifest[],
	agrees: (known: Known) => boolean
): FileMatch | null => {
	const copy = copies.find(agrees) ?? null;
	const backup = backups.find(agrees) ?? null;
	if (copy) return { by, name: copy.name, backupAtMs: copy.backupAtMs, copy, backup };
	return backup && { by, name: backup.name, backupAtMs: backup.createdAtMs, copy, backup };
};

/** The verdict on an examined file. */
export const judgeFile = (file: FileExamination, known: KnownFiles): FileVerdict => {
	const found = findMatch(file, known);
	const { report } = file;
	return {
		kind: kindOf(file, found),
		name: file.name,
		sizeBytes: file.sizeBytes,
		sha256: file.sha256,
		match: found,
		findings: [...report.findings, ...selfRemark(file, found), ...namesake(file, found, known)],
		notes: report.notes,
		since: sinceOf(report),
		encrypted: file.encrypted,
		locked: false
	};
};

const kindOf = (file: FileExamination, found: FileMatch | null): FileVerdictKind => {
	const { report, newer, selfHash, wrapped } = file;
	if (newer) return 'newer';
	if (!report.acceptable) {
		const isOurs = found !== null || report.schemaVersion !== null;
		return isOurs || wrapped || (report.isSqlite && !isStranger(report))
			? 'damaged'
			: 'not-a-backup';
	}
	if (selfHash === 'changed') return 'changed';
	if (!found) return 'sound';
	return found.by === 'notes' && selfHash !== 'whole' ? 'sound' : 'intact';
};

/** What the file cannot vouch for by itself. */
const selfRemark = (
	{ name, report, selfHash }: FileExamination,
	found: FileMatch | null
): string[] => {
	if (!report.acceptable || (found !== null && found.by !== 'notes')) return [];
	if (selfHash === 'changed') return [`The bytes of ${name} do not give its own hash.`];
	if (selfHash === 'whole') return [];
	return [
		`${name} carries no hash of itself: every note was held against its own hash, vectors and settings were not.`
	];
};

/** A whole database, but of another program. */
const isStranger = ({ findings }: RestoreReport): boolean =>
	findings.some((text) => text.includes('not one that AI Notes made'));

const sinceOf = ({
	wouldLose,
	wouldChange,
	wouldBringBack
}: RestoreReport): FileVerdict['since'] =>
	wouldLose === null || wouldChange === null || wouldBringBack === null
		? null
		: { added: wouldLose, changed: wouldChange, deleted: wouldBringBack };

/** Browsers put a number behind the second file of a name. */
const plainName = (name: string): string => name.replace(/ ?\(\d+\)(?=\.|$)/, '');

/** A refused file under the name of one that left: what differs helps to tell what happened to it. */
const namesake = (
	{ name, sizeBytes, report }: FileExamination,
	found: FileMatch | null,
	{ copies }: KnownFiles
): string[] => {
	const same = copies.find((copy) => copy.name === plainName(name));
	if (report.acceptable || found || !same) return [];
	const sizes =
		same.sizeBytes === sizeBytes
			? 'It has the same size, but other bytes'
			: `It has ${sizeBytes} bytes, that one had ${same.sizeBytes}`;
	return [`A copy of this name left ${describeWay(same)}. ${sizes}: this file is not it any more.`];
};

/** The bytes are on record, and the file was not opened: it is encrypted and its key was not given, or it is a kit. */
export const judgeUnopened = (
	file: Pick<FileExamination, 'name' | 'sizeBytes' | 'sha256'>,
	copy: OutsideCopy,
	known: KnownFiles
): FileVerdict => {
	const backup = known.backups.find(({ sha256 }) => sha256 === file.sha256) ?? null;
	return {
		kind: copy.verified ? 'intact' : 'damaged',
		...file,
		match: { by: 'bytes', name: copy.name, backupAtMs: copy.backupAtMs, copy, backup },
		findings: copy.verified
			? []
			: [`${copy.name} had not passed its checks when it left this browser.`],
		notes: copy.notes,
		since: null,
		encrypted: copy.encrypted,
		locked: copy.encrypted
	};
};

/** A kept backup that is not as it was written; its manifest says what it was. */
export const judgeSpoilt = (backup: BackupManifest, finding: string): FileVerdict => ({
	kind: 'damaged',
	name: backup.name,
	sizeBytes: backup.sizeBytes,
	sha256: null,
	match: { by: 'bytes', name: backup.name, backupAtMs: backup.createdAtMs, copy: null, backup },
	findings: [finding],
	notes: null,
	since: null,
	encrypted: backup.encrypted,
	locked: false
});

/** Written, changed and deleted since; null when it could not be compared. */
export const countBehind = ({ since }: Pick<FileVerdict, 'since'>): number | null =>
	since && since.added + since.changed + since.deleted;
