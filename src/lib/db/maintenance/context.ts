import type { StopSignal } from '$lib/protocol/stop-signal';
import type { Vault } from '$lib/db/encryption/vault';
import type { BackupFiles } from '$lib/db/opfs/backup-files';
import type { DrillLog } from '$lib/db/opfs/drill-log';
import type { Folder } from '$lib/db/opfs/folder';
import type { LivePointer } from '$lib/db/opfs/live-pointer';
import type { RotationFile } from '$lib/db/opfs/rotation-file';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import type { Pool } from '$lib/db/sqlite/pool';
import type { LiveFile } from './live-file';
import type { NotebookDeps } from './notebook';

/** What the jobs of maintenance work on: the files of one open notebook. */
export interface NotebookContext extends NotebookDeps {
	readonly engine: SqliteEngine;
	readonly pool: Pool;
	readonly live: LiveFile;
	readonly files: BackupFiles;
	readonly drills: DrillLog;
	readonly rotation: RotationFile;
	readonly vault: Vault;
	/** Raw copies of files that could not be backed up. Nothing removes them. */
	readonly damaged: Folder;
	readonly pointer: LivePointer;
	readonly appVersion: string;
	/** Raised by the page to end a check in the midst of a statement. */
	readonly stopSignal: StopSignal | null;
}
