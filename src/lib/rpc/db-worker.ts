import type { DbApi } from '$lib/protocol/db-api';
import dbWorkerUrl from '$lib/workers/db.worker?worker&url';
import { startWorker, type WorkerHandle } from './worker-handle';

/** Calls whose time grows with the notebook. */
const untimed = new Set<keyof DbApi>([
	'open',
	'close',
	'createBackup',
	'verifyBackup',
	'readBackup',
	'compareBackup',
	'testRestore',
	'inspectBackup',
	'inspectBackupFile',
	'hashFile',
	'checkBackupFile',
	'restoreBackup',
	'restoreInspectedFile',
	'restoreNote',
	'salvageNotebook',
	'joinBackups',
	'simulateDamage',
	'openLook',
	'listLook',
	'restoreFromLook',
	'undoPutBack',
	'closeLook',
	'resolveQuarantine',
	'createRecoveryKey',
	'setBackupEncryption',
	'unlockBackups',
	'reencryptBackups',
	'readRawDatabase',
	'checkIntegrity',
	'vacuum',
	'analyze',
	'optimize',
	'rebuildIndex',
	'databaseSize',
	'largestNotes',
	'reindex',
	'runSql',
	'importNotes',
	'matchImport',
	'deleteForever',
	'startIndexJob',
	'listVectorSets',
	'setNextModel',
	'switchVectors',
	'openSideSearch',
	'deleteVectors',
	'setEmbeddingVersion'
]);

export const startDbWorker = (): WorkerHandle<DbApi> =>
	startWorker<DbApi>({ url: dbWorkerUrl, name: 'db', untimed, timeoutMs: 30_000 });
