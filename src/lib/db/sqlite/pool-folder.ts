/** A folder of OPFS that may not be there yet. */
export const findFolder = async (path: string): Promise<FileSystemDirectoryHandle | null> => {
	try {
		let handle = await navigator.storage.getDirectory();
		for (const part of path.split('/').filter(Boolean)) {
			handle = await handle.getDirectoryHandle(part);
		}
		return handle;
	} catch {
		return null; // No pool yet.
	}
};
