import { withAny, withHealthy, type Calls } from './db-calls';
import type { Opened, Session } from './db-session';

/** The calls about the file of the notebook: backups, restore and care. */
export const fileCalls = (
	session: Session
): BackupCalls & RecoveryCalls & EncryptionCalls & CareCalls => ({
	...backupCalls(session),
	...encryptionCalls(session),
	...recoveryCalls(session),
	...careCalls(session)
});

type BackupCalls = Calls<
	| 'createBackup'
	| 'setRotation'
	| 'rotateBackups'
	| 'resolveQuarantine'
	| 'compareBackup'
	| 'testRestore'
>;

const backupCalls = (session: Session): BackupCalls => {
	const call = withHealthy(session);
	return {
		createBackup: call(async ({ notebook }, request, onProgress) =>
			notebook.backups.createBackup(request, onProgress)
		),
		setRotation: call(async ({ notebook }, settings) => notebook.backups.setRotation(settings)),
		rotateBackups: call(async ({ notebook }, wish, dryRun) =>
			notebook.backups.rotateBackups(wish, dryRun)
		),
		resolveQuarantine: call(async ({ notebook }, name, accept) =>
			notebook.backups.resolveQuarantine(name, accept)
		),
		compareBackup: call(async ({ notebook }, name) => notebook.backups.compareBackup(name)),
		testRestore: call(async ({ notebook }, name, onProgress) =>
			notebook.backups.testRestore(name, onProgress)
		)
	};
};

type RecoveryCalls = Calls<
	| 'listBackups'
	| 'readRotation'
	| 'listDrills'
	| 'verifyBackup'
	| 'readBackup'
	| 'pinBackup'
	| 'labelBackup'
	| 'deleteBackup'
	| 'setBackupAside'
	| 'bringBackBackup'
	| 'purgeBackup'
	| 'hashFile'
	| 'checkBackupFile'
	| 'inspectBackupFile'
	| 'inspectBackup'
	| 'restoreBackup'
	| 'restoreInspectedFile'
	| 'openLook'
	| 'listLook'
	| 'readLookNote'
	| 'readLookSlice'
	| 'closeLook'
	| 'salvageNotebook'
	| 'joinBackups'
	| 'simulateDamage'
	| 'readRawDatabase'
	| 'storageUse'
	| 'checkIntegrity'
	| 'cancelCheck'
>;

const recoveryCalls = (session: Session): RecoveryCalls => {
	const call = withAny(session);
	return {
		listBackups: call(async ({ notebook }) => notebook.backups.listBackups()),
		readRotation: call(async ({ notebook }) => notebook.backups.readRotation()),
		listDrills: call(async ({ notebook }) => notebook.backups.listDrills()),
		verifyBackup: call(async ({ notebook }, name, onProgress) =>
			notebook.backups.verifyBackup(name, onProgress)
		),
		readBackup: call(async ({ notebook }, name) => notebook.backups.readBackup(name)),
		pinBackup: call(async ({ notebook }, name, pinned) => notebook.backups.pinBackup(name, pinned)),
		labelBackup: call(async ({ notebook }, name, label) =>
			notebook.backups.labelBackup(name, label)
		),
		setBackupAside: call(async ({ notebook }, name) => notebook.backups.setBackupAside(name)),
		bringBackBackup: call(async ({ notebook }, name) => notebook.backups.bringBackBackup(name)),
		purgeBackup: call(async ({ notebook }, name) => notebook.backups.purgeBackup(name)),
		deleteBackup: call(async ({ notebook }, name) => notebook.backups.deleteBackup(name)),
		hashFile: call(async ({ notebook }, file) => notebook.backups.hashFile(file)),
		checkBackupFile: call(async ({ notebook }, file, fileName, secret) =>
			notebook.backups.checkBackupFile(file, fileName, secret)
		),
		inspectBackupFile: call(async ({ notebook }, file, fileName, secret) =>
			notebook.backups.inspectBackupFile(file, fileName, secret)
		),
		inspectBackup: call(async ({ notebook }, name) => notebook.backups.inspectBackup(name)),
		restoreBackup: call(async ({ notebook }, name, onProgress) =>
			notebook.backups.restoreBackup(name, onProgress)
		),
		restoreInspectedFile: call(async ({ notebook }, onProgress) =>
			notebook.backups.restoreInspectedFile(onProgress)
		),
		...lookCalls(session),
		salvageNotebook: call(async ({ notebook }, onProgress) =>
			notebook.backups.salvageNotebook(onProgress)
		),
		joinBackups: call(async ({ notebook }, base, salvaged, onProgress) =>
			notebook.backups.joinBackups(base, salvaged, onProgress)
		),
		simulateDamage: call(async ({ notebook }, order, onProgress) =>
			notebook.backups.simulateDamage(order, onProgress)
		),
		readRawDatabase: call(async ({ notebook }) => notebook.care.readRawDatabase()),
		storageUse: call(async ({ notebook }) => notebook.care.storageUse()),
		checkIntegrity: call(async ({ notebook }, parts, quick, onProgress) =>
			notebook.care.checkIntegrity(parts, quick, onProgress)
		),
		cancelCheck: call(async ({ notebook }) => notebook.care.cancelCheck())
	};
};

type EncryptionCalls = Calls<
	| 'backupEncryption'
	| 'createRecoveryKey'
	| 'setBackupEncryption'
	| 'unlockBackups'
	| 'lockBackups'
	| 'reencryptBackups'
>;

const encryptionCalls = (session: Session): EncryptionCalls => {
	const call = withAny(session);
	return {
		backupEncryption: call(async ({ notebook }) => notebook.backups.backupEncryption()),
		createRecoveryKey: call(async ({ notebook }) => notebook.backups.createRecoveryKey()),
		setBackupEncryption: call(async ({ notebook }, choice) =>
			notebook.backups.setBackupEncryption(choice)
		),
		unlockBackups: call(async ({ notebook }, secret, backup) =>
			notebook.backups.unlockBackups(secret, backup)
		),
		lockBackups: call(async ({ notebook }) => notebook.backups.lockBackups()),
		reencryptBackups: call(async ({ notebook }, onProgress) =>
			notebook.backups.reencryptBackups(onProgress)
		)
	};
};

const lookCalls = (
	session: Session
): Calls<'openLook' | 'listLook' | 'readLookNote' | 'readLookSlice' | 'closeLook'> => {
	const call = withAny(session);
	return {
		openLook: call(async ({ notebook }, name, onProgress) =>
			notebook.backups.openLook(name, onProgress)
		),
		listLook: call(async ({ notebook }, id, query) => notebook.backups.listLook(id, query)),
		readLookNote: call(async ({ notebook }, id, noteId) =>
			notebook.backups.readLookNote(id, noteId)
		),
		readLookSlice: call(async ({ notebook }, id, afterId, limit) =>
			notebook.backups.readLookSlice(id, afterId, limit)
		),
		closeLook: call(async ({ notebook }, id) => notebook.backups.closeLook(id))
	};
};

type CareCalls = Calls<
	| 'facts'
	| 'vacuum'
	| 'analyze'
	| 'optimize'
	| 'rebuildIndex'
	| 'databaseSize'
	| 'copyStructure'
	| 'largestNotes'
	| 'slowQueries'
	| 'reindex'
	| 'runSql'
>;

const careCalls = (session: Session): CareCalls => {
	const call = withHealthy(session);
	const written = (open: Opened): void => {
		session.refresh(open);
		session.emit({ type: 'notes-changed', noteIds: 'all' });
	};
	return {
		facts: call(async ({ notebook }) => notebook.care.facts()),
		vacuum: call(async ({ notebook }) => notebook.care.vacuum()),
		analyze: call(async ({ notebook }) => notebook.care.analyze()),
		optimize: call(async ({ notebook }) => notebook.care.optimize()),
		rebuildIndex: call((open) => {
			const durationMs = open.core.rebuildTextIndex();
			written(open);
			return { durationMs };
		}),
		databaseSize: call(async ({ notebook }) => notebook.care.databaseSize()),
		copyStructure: call(async ({ notebook }) => notebook.care.copyStructure()),
		largestNotes: call(async ({ notebook }, limit) => notebook.care.largestNotes(limit)),
		slowQueries: call(async ({ notebook }) => notebook.care.slowQueries()),
		reindex: call(async ({ notebook }) => notebook.care.reindex()),
		runSql: call(async (open, sql, write) => {
			try {
				return await open.notebook.care.runSql(sql, write);
			} finally {
				if (write) written(open);
			}
		})
	};
};
