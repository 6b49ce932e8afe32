import type { DbApi, OpenReport } from '$lib/protocol/db-api';
import type { Logger } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import type { Database } from '$lib/db/sqlite/database';
import type { BackedUpNote } from './look-into';

/** What the notebook needs from the outside. `open-notebook.ts` makes one of it. */
export interface NotebookDeps {
	readonly now: Clock;
	readonly notify: (event: { readonly type: 'backups-changed' | 'replaced' }) => void;
	readonly log: Logger;
	/** Notes outside the trash without a complete set of vectors for the active model. */
	readonly countMissingEmbeddings: () => number;
	/** Of scrypt, as a power of two; what age itself uses unless a test asks for less. */
	readonly scryptWorkFactor?: number;
}

/** Backups of this notebook, method by method what DbApi promises. */
export interface BackupStore extends Pick<
	DbApi,
	| 'createBackup'
	| 'listBackups'
	| 'verifyBackup'
	| 'readBackup'
	| 'pinBackup'
	| 'labelBackup'
	| 'deleteBackup'
	| 'setBackupAside'
	| 'bringBackBackup'
	| 'purgeBackup'
	| 'readRotation'
	| 'setRotation'
	| 'rotateBackups'
	| 'resolveQuarantine'
	| 'compareBackup'
	| 'testRestore'
	| 'listDrills'
	| 'hashFile'
	| 'checkBackupFile'
	| 'inspectBackupFile'
	| 'inspectBackup'
	| 'restoreBackup'
	| 'restoreInspectedFile'
	| 'backupEncryption'
	| 'createRecoveryKey'
	| 'setBackupEncryption'
	| 'unlockBackups'
	| 'lockBackups'
	| 'reencryptBackups'
	| 'salvageNotebook'
	| 'joinBackups'
	| 'simulateDamage'
	| 'openLook'
	| 'listLook'
	| 'readLookNote'
	| 'readLookSlice'
	| 'closeLook'
> {
	/** One note out of a backup, its hash checked. Writing it is the note repository's work. */
	readBackupNote(backup: string, noteId: string, modelKey: string): Promise<BackedUpNote>;
	/** The same for several notes of the backup that is open for reading. */
	readLookNotes(
		lookId: string,
		noteIds: readonly string[],
		modelKey: string
	): Promise<readonly BackedUpNote[]>;
	/** Before the notebook is closed: a file that is open would keep the pool from closing. */
	endLooks(): Promise<void>;
}

/** Care of the live file, method by method what DbApi promises. */
export type DatabaseCare = Pick<
	DbApi,
	| 'facts'
	| 'storageUse'
	| 'checkIntegrity'
	| 'cancelCheck'
	| 'vacuum'
	| 'analyze'
	| 'optimize'
	| 'databaseSize'
	| 'largestNotes'
	| 'slowQueries'
	| 'reindex'
	| 'runSql'
	| 'copyStructure'
	| 'readRawDatabase'
>;

/** One open notebook: the lock, the pool of file handles, the live file, its backups. */
export interface Notebook {
	readonly report: OpenReport;
	/**
	 * The live file. The object stays the same when a restore replaces the file behind it. Throws
	 * `db-closed` in recovery and after close. Await `whenReady` before each call from the page: it
	 * waits while a restore switches files.
	 */
	readonly database: Database;
	readonly backups: BackupStore;
	readonly care: DatabaseCare;
	/** Resolves at once, or when the switch of a running restore is over. */
	whenReady(): Promise<void>;
	/** True while the file is damaged, missing or newer; a restore ends it. */
	isInRecovery(): boolean;
	/** Closes the file, gives the handles and the lock back. */
	close(): Promise<void>;
}
