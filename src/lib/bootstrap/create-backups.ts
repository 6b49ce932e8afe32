import type { NotebookClient } from '$lib/rpc/notebook-client';
import { createBackupService, type BackupService } from '$lib/services/backup-service';
import type { CopyFolderService } from '$lib/services/copy-folder-service';
import { createFileCheck, type FileCheckService } from '$lib/services/file-check-service';
import { createOutsideCopies, type OutsideCopyService } from '$lib/services/outside-copies';
import { createShareService, type Sharer, type ShareService } from '$lib/services/share-service';
import { createPageCopyFolder } from './copy-folder';
import type { DeviceStore } from './device-store';
import { rememberLastCopy } from './remember-copy';
import { saveFile } from './save-file';

/** Backups, and everything that takes them out of this browser. */
export interface BackupServices {
	readonly backups: BackupService;
	readonly copies: OutsideCopyService;
	readonly copyFolder: CopyFolderService;
	readonly fileCheck: FileCheckService;
	readonly sharing: ShareService;
}

export const createBackups = (notebook: NotebookClient, device: DeviceStore): BackupServices => {
	const { db } = notebook;
	const now = Date.now;
	const copies = createCopies(device);
	const copyFolder = createPageCopyFolder(db, device, copies);
	return {
		copies,
		copyFolder,
		backups: createBackupService({
			notebook,
			saveFile,
			copies,
			made: (manifest) => void copyFolder.follow(manifest),
			now
		}),
		fileCheck: createFileCheck({ db, copies, now }),
		sharing: createShareService({ db, copies, sharer: navigator as Sharer, now })
	};
};

const createCopies = ({ copies, loggerFor }: DeviceStore): OutsideCopyService =>
	createOutsideCopies({
		ledger: copies,
		rememberLast: rememberLastCopy,
		log: loggerFor('backup')
	});
