import type { DbClient } from '$lib/rpc/notebook-client';
import { createCopyFolder, type CopyFolderService } from '$lib/services/copy-folder-service';
import type { OutsideCopyService } from '$lib/services/outside-copies';
import { AppError } from '$lib/shared/app-error';
import type { DeviceStore } from './device-store';

/** Chromium has the dialog; it is no part of TypeScript's DOM yet. */
interface WithFolderPicker {
	showDirectoryPicker?(options: {
		readonly id: string;
		readonly mode: 'readwrite';
		readonly startIn: 'documents';
	}): Promise<FileSystemDirectoryHandle>;
}

export const createPageCopyFolder = (
	db: DbClient,
	{ settings }: DeviceStore,
	copies: OutsideCopyService
): CopyFolderService => {
	const host = globalThis as WithFolderPicker;
	const options = { id: 'ai-notes-copies', mode: 'readwrite', startIn: 'documents' } as const;
	const pick = async (): Promise<FileSystemDirectoryHandle> => {
		if (!host.showDirectoryPicker) throw new AppError('copy-failed', 'There is no such dialog.');
		return host.showDirectoryPicker(options);
	};
	return createCopyFolder({
		db,
		settings,
		copies,
		pick: host.showDirectoryPicker ? pick : null,
		newId: () => crypto.randomUUID(),
		now: Date.now
	});
};
