import { AppError, isAppError } from '$lib/shared/app-error';
import { mebibyte } from '$lib/shared/bytes';
import { estimateFreeBytes } from '$lib/db/opfs/opfs-errors';
import type { NotebookContext } from './context';

/** A plain backup is written where it stays; an encrypted one has a plain copy beside it for a moment. */
export const neededForBackup = (liveBytes: number, isSealed: boolean): number =>
	liveBytes * (isSealed ? 2 : 1) + mebibyte;

/** A restore has the file laid out, the notebook made of it, and a backup of today. */
export const neededForRestore = (
	liveBytes: number,
	backupBytes: number,
	isSealed: boolean
): number => neededForBackup(liveBytes, isSealed) + backupBytes * 2;

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
		const isSealed = await areSealed(context);
		const neededBytes =
			largestFileBytes > 0
				? neededForRestore(liveBytes, largestFileBytes, isSealed)
				: neededForBackup(liveBytes, isSealed);
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

/** Locked ones are: `sealing` rejects. */
const areSealed = async ({ vault }: NotebookContext): Promise<boolean> =>
	vault.sealing().then(
		(sealing) => sealing !== null,
		() => true
	);
