import type {
	BackupComparison,
	BackupList,
	BackupManifest,
	BackupVerdict,
	DrillReport,
	RestoreReport,
	RestoreResult
} from '$lib/domain/backup';
import type {
	BackupEncryption,
	EncryptionChoice,
	RecoveryKey,
	ReencryptReport
} from '$lib/domain/backup-encryption';
import type {
	LookNote,
	LookPage,
	LookQuery,
	LookReport,
	NotePutBack,
	PutBackUndone
} from '$lib/domain/backup-look';
import type { RotationPlan, RotationSettings, RotationState } from '$lib/domain/backup-rotation';
import type { DrillRecord } from '$lib/domain/drill';
import type { FileExamination } from '$lib/domain/file-check';
import type { JoinedBackup, Salvaged } from '$lib/domain/salvage';
import type { Note } from '$lib/domain/note';
import type { SimulationOrder, SimulationReport } from '$lib/domain/simulation';
import type { OnProgress } from '$lib/domain/progress';

export interface BackupRequest {
	readonly kind: 'manual' | 'automatic';
	readonly label: string;
	readonly pinned: boolean;
}

/** The part of `DbApi` about backups: [recovery] marks what also works while the file does not open. */
export interface BackupApi {
	createBackup(request: BackupRequest, onProgress: OnProgress): Promise<BackupManifest>;
	listBackups(): Promise<BackupList>; // [recovery]
	verifyBackup(name: string, onProgress: OnProgress): Promise<BackupVerdict>; // [recovery]
	/** The file itself, for a download. Refused while its manifest does not match. */
	readBackup(name: string): Promise<Blob>; // [recovery]
	pinBackup(name: string, pinned: boolean): Promise<BackupManifest>; // [recovery]
	labelBackup(name: string, label: string): Promise<BackupManifest>; // [recovery]
	/** For good. */
	deleteBackup(name: string): Promise<BackupManifest>; // [recovery]
	/** Out of the list, to be brought back or purged; the next start does what was left. */
	setBackupAside(name: string): Promise<BackupManifest>; // [recovery]
	bringBackBackup(name: string): Promise<BackupManifest>; // [recovery]
	purgeBackup(name: string): Promise<void>; // [recovery]
	readRotation(): Promise<RotationState>; // [recovery]
	/** From now on; nothing goes before the next rotation. */
	setRotation(settings: RotationSettings): Promise<RotationState>;
	/** `wish` counts for this once, over what was set. A dry run deletes nothing. */
	rotateBackups(wish: Partial<RotationSettings>, dryRun: boolean): Promise<RotationPlan>;
	/** Ends the freeze after a shrunken snapshot: `accept` counts it as a normal backup, else it is deleted. */
	resolveQuarantine(name: string, accept: boolean): Promise<BackupList>;
	compareBackup(name: string): Promise<BackupComparison>;
	testRestore(name: string | null, onProgress: OnProgress): Promise<DrillReport>;
	/** Test restores that ran to their end, newest first. */
	listDrills(): Promise<readonly DrillRecord[]>; // [recovery]
	/**
	 * Stores a foreign file beside the notebook and looks at it; nothing live is touched. A `.gz` is
	 * unpacked, an `.age` opened with the secret or what is in memory; `backup-locked` asks for one.
	 */
	inspectBackupFile(file: Blob, fileName: string, secret: string | null): Promise<RestoreReport>; // [recovery]
	inspectBackup(name: string): Promise<RestoreReport>; // [recovery]
	/** SHA-256 of any file, computed away from the page. */
	hashFile(file: Blob): Promise<string>; // [recovery]
	/**
	 * Every check of `inspectBackupFile` and the file's own hash, without keeping it for a restore.
	 * Rejects with `backup-locked` when it is encrypted and nothing given or known opens it.
	 */
	checkBackupFile(file: Blob, fileName: string, secret: string | null): Promise<FileExamination>; // [recovery]
	restoreBackup(name: string, onProgress: OnProgress): Promise<RestoreResult>; // [recovery]
	/** Restores the file last inspected with `inspectBackupFile`. */
	restoreInspectedFile(onProgress: OnProgress): Promise<RestoreResult>; // [recovery]
	restoreNote(backup: string, noteId: string, asCopy: boolean): Promise<Note>;

	// Encryption of backups. Whatever opens them stays in the memory of the worker.
	backupEncryption(): Promise<BackupEncryption>; // [recovery]
	/** Makes a recovery key. Nothing is kept of it until its public half is set. */
	createRecoveryKey(): Promise<RecoveryKey>; // [recovery]
	/** New backups are made so from now on; the kept ones stay as they are. */
	setBackupEncryption(choice: EncryptionChoice): Promise<BackupEncryption>; // [recovery]
	/** Tries a passphrase or key on every key there is, and on the backup named. */
	unlockBackups(secret: string, backup: string | null): Promise<BackupEncryption>; // [recovery]
	/** Forgets every passphrase and key. */
	lockBackups(): Promise<BackupEncryption>; // [recovery]
	/** Brings every kept backup that can be opened under the present key, one by one. */
	reencryptBackups(onProgress: OnProgress): Promise<ReencryptReport>;

	// A visit to a backup: a scratch copy stays open until it is closed or another one is opened
	openLook(name: string, onProgress: OnProgress): Promise<LookReport>; // [recovery]
	/** What the backup holds, seen from today. Rejects with `backup-missing` when the visit is over. */
	listLook(lookId: string, query: LookQuery): Promise<LookPage>; // [recovery]
	readLookNote(lookId: string, noteId: string): Promise<LookNote>; // [recovery]
	/** Notes of the backup in id order after `afterId`, trash left out, each held against its hash. */
	readLookSlice(lookId: string, afterId: string | null, limit: number): Promise<readonly Note[]>; // [recovery]
	/** In one transaction: in place of today's versions, or beside them as copies. */
	restoreFromLook(
		lookId: string,
		noteIds: readonly string[],
		asCopies: boolean
	): Promise<readonly NotePutBack[]>;
	/** Puts back what was there before. Notes edited since are left alone. */
	undoPutBack(notes: readonly NotePutBack[]): Promise<PutBackUndone>;
	closeLook(lookId: string): Promise<void>; // [recovery]

	/** What can be read of the notebook's file, as a backup of its own. The file is only read. */
	salvageNotebook(onProgress: OnProgress): Promise<Salvaged>; // [recovery]
	/** A new backup: `base` with what is newer in `salvaged`, or only there. */
	joinBackups(base: string, salvaged: string, onProgress: OnProgress): Promise<JoinedBackup>; // [recovery]

	/** Damages a copy of a verified backup and tells which checks find it and what is saved. Nothing of it stays. */
	simulateDamage(order: SimulationOrder, onProgress: OnProgress): Promise<SimulationReport>; // [recovery]

	/** The live file as it lies on disk, damaged or not. */
	readRawDatabase(): Promise<Blob>; // [recovery]
}
