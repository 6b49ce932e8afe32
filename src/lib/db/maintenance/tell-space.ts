import { AppError, isAppError } from '$lib/shared/app-error';
import { mebibyte } from '$lib/shared/bytes';
import { estimateFreeBytes } from '$lib/db/opfs/opfs-errors';
import type { NotebookContext } from './context';

/** A copy of the notebook and the backup of it lie beside it for a moment. */
export const neededForBackup = (liveBytes: number): number => liveBytes * 2 + mebibyte;

/** A restore has the file laid out, the notebook made of it, and a backup of today with its copy. */
export const neededForRestore = (liveBytes: number, backupBytes: number): number =>
	neededForBackup(liveBytes) + backupBytes * 2;

/**
 * Does the work; a full disk is then told with what the work needs in all and what is free, not with
 * the one write that failed.
 */
export const tellingSpace = async <T>(
	context: NotebookContext,
	largestFileBytes: number,
	work: () => Promise<T>
): Promise<T> => {
	try {
		return await work();
	} catch (thrown) {
		if (!isAppError(thrown, 'storage-full')) throw thrown;
		const liveBytes = readLiveBytes(context);
		const neededBytes =
			largestFileBytes > 0
				? neededForRestore(liveBytes, largestFileBytes)
				: neededForBackup(liveBytes);
		const told = Number(thrown.details.neededBytes ?? 0);
		const freeBytes = await estimateFreeBytes();
		const details = { ...thrown.details, neededBytes: Math.max(told, neededBytes), freeBytes };
		throw new AppError('storage-full', thrown.message, details, { cause: thrown });
	}
};

const readLiveBytes = ({ live }: NotebookContext): number => {
	try {
		return live.isOpen() ? live.readRaw((file) => file.sizeBytes()) : 0;
	} catch {
		return 0; // The full disk is what has to be told.
	}
};
