/** The part of `navigator.storage` that makes files. */
type Files = Pick<StorageManager, 'getDirectory'>;

const probeName = 'space-probe';

/**
 * Whether the browser would take a file of this size now. Asks for it and gives it back at once, for
 * what browsers say is free is a guess: Chromium reports 10 GB on a full disk. Null where it cannot
 * be tried. Nothing is left behind but, when the tab is killed right then, an empty file.
 */
export const canReserve = async (
	storage: Files | undefined,
	bytes: number
): Promise<boolean | null> => {
	const folder = await storage?.getDirectory().catch(() => null);
	if (!folder || !canWrite) return null;
	try {
		const file = await folder.getFileHandle(probeName, { create: true });
		const probe = await file.createWritable();
		await probe.truncate(bytes).finally(async () => probe.abort().catch(() => undefined)); // a failed stream is closed already
		return true;
	} catch (thrown) {
		return isQuotaError(thrown) ? false : null;
	} finally {
		await folder.removeEntry(probeName).catch(() => undefined); // never made, or another tab tries as well
	}
};

const canWrite =
	typeof FileSystemFileHandle !== 'undefined' && 'createWritable' in FileSystemFileHandle.prototype;

const isQuotaError = (thrown: unknown): boolean =>
	thrown instanceof Error && thrown.name === 'QuotaExceededError';
