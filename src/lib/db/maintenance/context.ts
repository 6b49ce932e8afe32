import type { BackupFiles } from '../opfs/backup-files';
import type { Folder } from '../opfs/folder';
import type { LivePointer } from '../opfs/live-pointer';
import type { SqliteEngine } from '../sqlite/engine';
import type { Pool } from '../sqlite/pool';
import type { LiveFile } from './live-file';
import type { NotebookDeps } from './notebook';

/** What the jobs of maintenance work on: the files of one open notebook. */
export interface NotebookContext extends NotebookDeps {
	readonly engine: SqliteEngine;
	readonly pool: Pool;
	readonly live: LiveFile;
	readonly files: BackupFiles;
	/** Raw copies of files that could not be backed up. Nothing removes them. */
	readonly damaged: Folder;
	readonly pointer: LivePointer;
	readonly appVersion: string;
}
