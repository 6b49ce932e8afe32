import { mebibyte } from '$lib/shared/bytes';
import { retry } from '$lib/shared/retry';
import { translateOpfsError } from './opfs-errors';

/** Where the bytes of a new file go, in order. */
export type Sink = (bytes: Uint8Array) => void;

/** A file that is open for this worker alone. */
export interface OpenFile {
	sizeBytes(): number;
	/** Gives how many bytes there were. */
	read(target: Uint8Array, at: number): number;
	write(bytes: Uint8Array, at: number): void;
	truncate(sizeBytes: number): void;
	flush(): void;
}

/** One folder of OPFS. What it writes is flushed and closed before the promise resolves. */
export interface Folder {
	names(): Promise<string[]>;
	/** The file as it is now, or null. */
	read(name: string): Promise<File | null>;
	readText(name: string): Promise<string | null>;
	/** Makes the file anew. When anything fails, the unfinished file is removed. */
	write(name: string, fill: (sink: Sink) => Promise<void> | void): Promise<void>;
	/** The same, for those who write in no order. */
	make<T>(name: string, work: (file: OpenFile) => Promise<T>): Promise<T>;
	/** Opens a file that is there; nobody else can touch it until `work` is over. */
	hold<T>(name: string, work: (file: OpenFile) => Promise<T>): Promise<T>;
	/** Replaces `to`. */
	move(from: string, to: string): Promise<void>;
	/** Nothing happens when it is not there. */
	remove(name: string): Promise<void>;
	folder(name: string): Promise<Folder>;
}

/** Opens the folder at `path` (`a/b`), making what is missing. */
export const openFolder = async (path: string): Promise<Folder> => {
	try {
		let handle = await navigator.storage.getDirectory();
		for (const part of path.split('/').filter(Boolean)) {
			handle = await handle.getDirectoryHandle(part, { create: true });
		}
		return createFolder(handle);
	} catch (thrown) {
		throw await translateOpfsError(thrown, 'the folder of the notebook', null);
	}
};

export const isTaken = (thrown: unknown): boolean =>
	thrown instanceof Error && thrown.name === 'NoModificationAllowedError';

const isMissing = (thrown: unknown): boolean =>
	thrown instanceof Error && thrown.name === 'NotFoundError';

const takenLimitMs = 5_000;

const createFolder = (handle: FileSystemDirectoryHandle): Folder => ({
	async names() {
		const names: string[] = [];
		for await (const [name, entry] of handle.entries()) if (entry.kind === 'file') names.push(name);
		return names.sort();
	},
	read: (name) => readFile(handle, name),
	readText: async (name) => (await (await readFile(handle, name))?.text()) ?? null,
	write: (name, fill) => writeFile(handle, name, fill),
	make: (name, work) => makeFile(handle, name, work),
	hold: (name, work) => holdFile(handle, name, work),
	async move(from, to) {
		try {
			await moveFile(handle, from, to);
		} catch (thrown) {
			throw await translateOpfsError(thrown, to, null);
		}
	},
	remove: (name) => removeFile(handle, name),
	folder: async (name) => createFolder(await handle.getDirectoryHandle(name, { create: true }))
});

const readFile = async (folder: FileSystemDirectoryHandle, name: string): Promise<File | null> => {
	try {
		return await (await folder.getFileHandle(name)).getFile();
	} catch (thrown) {
		if (isMissing(thrown)) return null;
		throw thrown;
	}
};

const removeFile = async (folder: FileSystemDirectoryHandle, name: string): Promise<void> => {
	try {
		await retry(() => folder.removeEntry(name), isTaken, takenLimitMs);
	} catch (thrown) {
		if (!isMissing(thrown)) throw thrown;
	}
};

const writeFile = async (
	folder: FileSystemDirectoryHandle,
	name: string,
	fill: (sink: Sink) => Promise<void> | void
): Promise<void> =>
	makeFile(folder, name, async (file) => {
		let size = 0;
		await fill((bytes) => {
			file.write(bytes, size);
			size += bytes.byteLength;
		});
	});

const makeFile = async <T>(
	folder: FileSystemDirectoryHandle,
	name: string,
	work: (file: OpenFile) => Promise<T>
): Promise<T> => {
	let size = 0;
	try {
		const handle = await openHandle(await folder.getFileHandle(name, { create: true }));
		try {
			handle.truncate(0);
			const made = await work(toOpenFile(handle, (end) => (size = Math.max(size, end))));
			handle.flush();
			return made;
		} finally {
			handle.close();
		}
	} catch (thrown) {
		await removeFile(folder, name).catch(() => undefined); // The failure of the write is what counts.
		throw await translateOpfsError(thrown, name, size);
	}
};

const holdFile = async <T>(
	folder: FileSystemDirectoryHandle,
	name: string,
	work: (file: OpenFile) => Promise<T>
): Promise<T> => {
	try {
		const handle = await openHandle(await folder.getFileHandle(name));
		try {
			return await work(toOpenFile(handle));
		} finally {
			handle.close();
		}
	} catch (thrown) {
		throw await translateOpfsError(thrown, name, null);
	}
};

const openHandle = (file: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> =>
	retry(() => file.createSyncAccessHandle(), isTaken, takenLimitMs);

const toOpenFile = (
	handle: FileSystemSyncAccessHandle,
	onWritten: (end: number) => void = () => undefined
): OpenFile => ({
	sizeBytes: () => handle.getSize(),
	read: (target, at) => handle.read(target as Uint8Array<ArrayBuffer>, { at }),
	write(bytes, at) {
		writeAll(handle, bytes, at);
		onWritten(at + bytes.byteLength);
	},
	truncate: (sizeBytes) => handle.truncate(sizeBytes),
	flush: () => handle.flush()
});

const writeAll = (handle: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): void => {
	const written = handle.write(bytes as Uint8Array<ArrayBuffer>, { at });
	if (written !== bytes.byteLength) {
		throw new DOMException('a write came out short', 'QuotaExceededError');
	}
};

interface MovableFile extends FileSystemFileHandle {
	move?(name: string): Promise<void>;
}

const moveFile = async (
	folder: FileSystemDirectoryHandle,
	from: string,
	to: string
): Promise<void> => {
	const file: MovableFile = await folder.getFileHandle(from);
	if (file.move) {
		await file.move(to);
		return;
	}
	const bytes = await file.getFile();
	await writeFile(folder, to, (sink) => pour(bytes, sink));
	await removeFile(folder, from);
};

/** The bytes of a blob in slices, so that no file is ever in memory whole. */
export const pour = async (blob: Blob, sink: (bytes: Uint8Array) => unknown): Promise<void> => {
	for (let start = 0; start < blob.size; start += mebibyte) {
		await sink(new Uint8Array(await blob.slice(start, start + mebibyte).arrayBuffer()));
	}
};
