import type { OpenRequest } from '$lib/protocol/db-api';
import { createMutex } from '$lib/shared/mutex';
import { createAge } from '$lib/db/encryption/age';
import { createVault } from '$lib/db/encryption/vault';
import { createBackupFiles } from '$lib/db/opfs/backup-files';
import { createDrillLog } from '$lib/db/opfs/drill-log';
import { openFolder } from '$lib/db/opfs/folder';
import { createLivePointer, type PointerState } from '$lib/db/opfs/live-pointer';
import { takeNotebookLock } from '$lib/db/opfs/notebook-lock';
import { createRotationFile } from '$lib/db/opfs/rotation-file';
import { takeStorageFault, watchStorage } from '$lib/db/opfs/storage-watch';
import { loadEngine, sqliteVersion } from '$lib/db/sqlite/engine';
import { openPool } from '$lib/db/sqlite/pool';
import { mendLabels } from '$lib/db/sqlite/pool-labels';
import { createBackupStore } from './backup-store';
import type { NotebookContext } from './context';
import { createDatabaseCare } from './database-care';
import { createGate } from './gate';
import { createLiveFile } from './live-file';
import { settleDeletions } from './keep-backups';
import type { Notebook, NotebookDeps } from './notebook';
import { settleKeyChanges } from './settle-key-changes';
import { openLive, type LiveState } from './open-live';

/**
 * Takes the lock, then the files, opens the live one and looks at it. Rejects with `db-locked`,
 * `storage-blocked` or `storage-full`; a damaged, missing or newer file resolves in recovery.
 */
export const openNotebook = async (request: OpenRequest, deps: NotebookDeps): Promise<Notebook> => {
	const startedAt = performance.now();
	const giveLockBack = await takeNotebookLock(request.notebook, request.waitForLockMs);
	try {
		const { context, pointed } = await openFiles(request, deps);
		try {
			const state = await openLive(context, pointed, request);
			await settleKeyChanges(context);
			await settleDeletions(context, state.state);
			await context.files.removeLeftovers();
			return toNotebook(context, state, { giveLockBack, startedAt });
		} catch (thrown) {
			context.live.detach();
			context.pool.close();
			throw thrown;
		}
	} catch (thrown) {
		giveLockBack();
		throw thrown;
	}
};

const openFiles = async (
	request: OpenRequest,
	deps: NotebookDeps
): Promise<{ readonly context: NotebookContext; readonly pointed: PointerState }> => {
	watchStorage();
	const engine = await loadEngine();
	const folder = await openFolder(request.notebook);
	const pointer = createLivePointer(folder);
	const pointed = await pointer.read();
	const directory = `${request.notebook}/pool`;
	const livePath = pointed.kind === 'found' ? pointed.record.path : null;
	const mended = await mendLabels(directory, livePath);
	if (mended > 0) deps.log.warning('Mended labels of database files', { files: mended });
	const pool = await openPool(engine, directory, takeStorageFault);
	const backups = await folder.folder('backups');
	const files = createBackupFiles(backups);
	const vault = createVault({
		age: createAge(deps.scryptWorkFactor),
		file: files.keyRecord,
		hasEncrypted: files.hasEncrypted,
		now: deps.now
	});
	const context = {
		...deps,
		engine,
		pool,
		pointer,
		live: createLiveFile(pool),
		files,
		vault,
		drills: createDrillLog(backups),
		rotation: createRotationFile(backups),
		damaged: await folder.folder('damaged'),
		appVersion: request.appVersion,
		stopSignal: request.stopSignal ?? null
	};
	return { context, pointed };
};

const toNotebook = (
	context: NotebookContext,
	state: LiveState,
	{ giveLockBack, startedAt }: { readonly giveLockBack: () => void; readonly startedAt: number }
): Notebook => {
	const { live, pool, engine } = context;
	const queue = createMutex();
	const gate = createGate();
	let inRecovery = state.state === 'recovery';
	let closing: Promise<void> | null = null;
	const onRestored = (): void => {
		inRecovery = false;
	};
	const backups = createBackupStore(context, { queue, whileWaiting: gate.whileShut, onRestored });
	const close = async (): Promise<void> => {
		try {
			await backups.endLooks();
			live.detach();
			pool.close();
		} finally {
			giveLockBack();
		}
	};
	return {
		report: {
			...state,
			sqliteVersion: sqliteVersion(engine),
			durationMs: performance.now() - startedAt
		},
		database: live.database,
		backups,
		care: createDatabaseCare(context),
		whenReady: gate.whenOpen,
		isInRecovery: () => inRecovery,
		close: () => (closing ??= queue.run(close))
	};
};
