import { resolve } from '$app/paths';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import { createBackupService, type BackupService } from '$lib/services/backup-service';
import type { CopyFolderService } from '$lib/services/copy-folder-service';
import { createFileCheck, type FileCheckService } from '$lib/services/file-check-service';
import { createOutsideCopies, type OutsideCopyService } from '$lib/services/outside-copies';
import { createRecoveryKit, type RecoveryKitService } from '$lib/services/recovery-kit-service';
import { createShareService, type Sharer, type ShareService } from '$lib/services/share-service';
import { AppError } from '$lib/shared/app-error';
import { createPageCopyFolder } from './copy-folder';
import type { DeviceStore } from './device-store';
import { rememberLastCopy } from './remember-copy';
import { pickFile } from './pick-file';
import { saveFile } from './save-file';

/** Backups, and everything that takes them out of this browser. */
export interface BackupServices {
	readonly backups: BackupService;
	readonly copies: OutsideCopyService;
	readonly copyFolder: CopyFolderService;
	readonly fileCheck: FileCheckService;
	readonly sharing: ShareService;
	readonly recoveryKit: RecoveryKitService;
}

export const createBackups = (notebook: NotebookClient, device: DeviceStore): BackupServices => {
	const { db } = notebook;
	const now = Date.now;
	const copies = createCopies(device);
	const copyFolder = createPageCopyFolder(db, device, copies);
	const backups = createBackupService({
		notebook,
		saveFile,
		copies,
		made: (manifest) => void copyFolder.follow(manifest),
		now
	});
	return {
		copies,
		copyFolder,
		backups,
		recoveryKit: createRecoveryKit({ db, backups, copies, readPage: readKitPage, saveFile, now }),
		fileCheck: createFileCheck({ db, copies, folder: copyFolder, pick: pickFile, now }),
		sharing: createShareService({ db, copies, sharer: navigator as Sharer, now })
	};
};

/** From this version of the app, also without a network; a host that answers with another page is found out. */
const readKitPage = async (): Promise<string> => {
	const response = await fetch(`${resolve('/')}recovery-kit.html`);
	const page = await response.text();
	if (response.ok && page.includes('<title>Open a backup of AI Notes</title>')) return page;
	throw new AppError('copy-failed', 'The page that opens backups is missing on this site.');
};

const createCopies = ({ copies, loggerFor }: DeviceStore): OutsideCopyService =>
	createOutsideCopies({
		ledger: copies,
		rememberLast: rememberLastCopy,
		log: loggerFor('backup')
	});
