import { findFolder } from './pool-folder';

/**
 * Before it looks at the pool, the library tries out sync access on a file that it makes for that. A
 * full disk refuses the new file, and nobody could read their notes. A file of the pool shows the same.
 * Null while there is no pool: then there is nothing to read either.
 */
export const probeWithoutNewFile = async <T>(
	directory: string,
	install: () => Promise<T>
): Promise<T | null> => {
	const file = await findFile(directory);
	if (!file) return null;
	const { storage } = navigator;
	const own = Object.getOwnPropertyDescriptor(storage, 'getDirectory');
	const putBack = (): void => {
		if (own) Object.defineProperty(storage, 'getDirectory', own);
		else Reflect.deleteProperty(storage, 'getDirectory');
	};
	const answerOnce = async (): Promise<Probed> => {
		putBack();
		return { getFileHandle: async () => file, removeEntry: async () => undefined };
	};
	Object.defineProperty(storage, 'getDirectory', { configurable: true, value: answerOnce });
	try {
		return await install();
	} finally {
		putBack();
	}
};

interface Probed {
	getFileHandle(name: string): Promise<FileSystemFileHandle>;
	removeEntry(name: string): Promise<void>;
}

const findFile = async (directory: string): Promise<FileSystemFileHandle | null> => {
	const folder = await findFolder(`${directory}/.opaque`);
	if (!folder) return null;
	for await (const handle of folder.values()) if (handle.kind === 'file') return handle;
	return null;
};
