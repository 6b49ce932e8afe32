/** Looks at, and damages, the files of a notebook behind the app's back. */

import { isTaken } from '$lib/db/opfs/folder';
import { retry } from '$lib/shared/retry';

const labelBytes = 4096;

const findFolder = async (path: string): Promise<FileSystemDirectoryHandle> => {
	let handle = await navigator.storage.getDirectory();
	for (const part of path.split('/')) handle = await handle.getDirectoryHandle(part);
	return handle;
};

export const namesIn = async (path: string): Promise<string[]> => {
	const names: string[] = [];
	for await (const name of (await findFolder(path)).keys()) names.push(name);
	return names.sort();
};

export const fileIn = async (path: string, name: string): Promise<File> =>
	(await (await findFolder(path)).getFileHandle(name)).getFile();

interface PoolFile {
	readonly handle: FileSystemFileHandle;
	readonly path: string;
}

const readPool = async (notebook: string): Promise<PoolFile[]> => {
	const files: PoolFile[] = [];
	for await (const handle of (await findFolder(`${notebook}/pool/.opaque`)).values()) {
		if (handle.kind !== 'file') continue;
		const head = new Uint8Array(await (await handle.getFile()).slice(0, 512).arrayBuffer());
		const end = head.indexOf(0);
		if (end > 0) files.push({ handle, path: new TextDecoder().decode(head.slice(0, end)) });
	}
	return files;
};

/** Names of the database files, without journals. */
export const poolPaths = async (notebook: string): Promise<string[]> =>
	(await readPool(notebook))
		.map(({ path }) => path)
		.filter((path) => !path.endsWith('-journal'))
		.sort();

/** Changes bytes of a file of the pool, the label of 4096 bytes included. The worker must be gone. */
export const editPoolFile = async (
	notebook: string,
	path: string,
	edit: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | void
): Promise<void> => {
	const found = (await readPool(notebook)).find((file) => file.path === path);
	if (!found) throw new Error(`${path} is not in the pool`);
	await editFile(found.handle, edit);
};

/** As if the browser had thrown the database files away. The worker must have been told to end. */
export const removePool = async (notebook: string): Promise<void> => {
	const folder = await findFolder(notebook);
	// A thread that was killed gives its files back a moment later.
	await retry(async () => folder.removeEntry('pool', { recursive: true }), isTaken, 5_000);
};

export const editBackup = async (
	notebook: string,
	name: string,
	edit: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | void
): Promise<void> => {
	const folder = await findFolder(`${notebook}/backups`);
	await editFile(await folder.getFileHandle(name), edit);
};

const editFile = async (
	handle: FileSystemFileHandle,
	edit: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | void
): Promise<void> => {
	const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
	const edited = edit(bytes) ?? bytes;
	const writable = await handle.createWritable();
	await writable.write(edited);
	await writable.close();
};

export const dataOffset = labelBytes;

/** Overwrites the first occurrence of a word by one of the same length. */
export const replaceWord =
	(word: string, by: string) =>
	(bytes: Uint8Array<ArrayBuffer>): void => {
		const wanted = new TextEncoder().encode(word);
		const at = bytes.findIndex((_, start) => wanted.every((byte, i) => bytes[start + i] === byte));
		if (at === -1 || by.length !== word.length) throw new Error(`cannot replace ${word}`);
		bytes.set(new TextEncoder().encode(by), at);
	};

export const hashBlob = async (blob: Blob): Promise<string> => {
	const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
	return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
};
