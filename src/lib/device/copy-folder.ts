import { AppError } from '$lib/shared/app-error';

export type FolderPermission = 'granted' | 'prompt' | 'denied';

/** What Chromium adds to the handle of a folder that the user chose. */
interface ChosenFolder extends FileSystemDirectoryHandle {
	queryPermission?(options: { mode: 'readwrite' }): Promise<FolderPermission>;
	requestPermission?(options: { mode: 'readwrite' }): Promise<FolderPermission>;
}

/** Why a copy to the folder did not work. */
export type FolderProblem =
	'permission' | 'gone' | 'full' | 'taken' | 'altered' | 'overwritten' | 'failed';

const readWrite = { mode: 'readwrite' } as const;

export const queryFolder = async (folder: ChosenFolder): Promise<FolderPermission> =>
	(await folder.queryPermission?.(readWrite)) ?? 'granted';

/** Asks the user; to be called from a click. */
export const requestFolder = async (folder: ChosenFolder): Promise<FolderPermission> =>
	(await folder.requestPermission?.(readWrite)) ?? 'granted';

export interface FolderWrite {
	readonly name: string;
	readonly blob: Blob;
	readonly sha256: string;
	/** Whether a file of that name, of this hash and size, is ours. */
	readonly mayReplace: (sha256: string, sizeBytes: number) => boolean;
	/** We began to write it once and did not finish: what lies at `besideOf(name)` is ours. */
	readonly wasBegun: boolean;
	readonly hash: (file: Blob) => Promise<string>;
}

/**
 * Writes a file, reads it again from the folder and compares its hash. A file of that name that is not
 * ours is left alone. When anything fails, no unfinished file stays, and an older one of ours is as it
 * was, unless the problem is `overwritten`: then its successor lies whole at `besideOf(name)`.
 */
export const writeToFolder = async (
	folder: FileSystemDirectoryHandle,
	write: FolderWrite
): Promise<void> => {
	const { name, mayReplace, hash } = write;
	try {
		const there = await readFile(folder, name);
		const found = there && (await hash(there));
		if (found !== write.sha256) {
			if (there && found !== null && !mayReplace(found, there.size)) {
				throw problem('taken', folder, name);
			}
			if (there && there.size > 0) await replace(folder, write);
			else await put(folder, name, write);
		}
		await dropBeside(folder, write).catch(() => undefined); // the copy is made
	} catch (thrown) {
		throw translate(thrown, folder, name);
	}
};

/** Whole beside the old file first: a disk that does not keep bytes then costs no good copy. */
const replace = async (folder: FileSystemDirectoryHandle, write: FolderWrite): Promise<void> => {
	const { name, blob } = write;
	const beside = besideOf(name);
	const there = await readFile(folder, beside);
	const isOurs =
		there === null || there.size === 0 || write.wasBegun || (await agrees(there, write));
	if (!isOurs) throw problem('taken', folder, beside);
	await put(folder, beside, write);
	try {
		await fill(folder, name, blob, true);
	} catch (thrown) {
		await folder.removeEntry(beside).catch(() => undefined); // the old file is still as it was
		throw thrown;
	}
	if (!(await isThere(folder, name, write))) {
		await folder.removeEntry(name).catch(() => undefined); // the difference is what counts
		throw problem('overwritten', folder, name);
	}
};

/** What a second writing that was cut off left, when it is the same copy. */
const dropBeside = async (folder: FileSystemDirectoryHandle, write: FolderWrite): Promise<void> => {
	const beside = besideOf(write.name);
	if (await isThere(folder, beside, write)) await folder.removeEntry(beside);
};

/** Where a new copy is written first while an older one of that name is there. */
export const besideOf = (name: string): string => `${name}.new`;

const put = async (
	folder: FileSystemDirectoryHandle,
	name: string,
	write: FolderWrite
): Promise<void> => {
	await fill(folder, name, write.blob, false);
	if (await isThere(folder, name, write)) return;
	await folder.removeEntry(name).catch(() => undefined); // the difference is what counts
	throw problem('altered', folder, write.name);
};

const isThere = async (
	folder: FileSystemDirectoryHandle,
	name: string,
	write: FolderWrite
): Promise<boolean> => {
	const file = await readFile(folder, name);
	return file !== null && agrees(file, write);
};

const agrees = async (file: File, { blob, sha256, hash }: FolderWrite): Promise<boolean> =>
	file.size === blob.size && (await hash(file)) === sha256;

const fill = async (
	folder: FileSystemDirectoryHandle,
	name: string,
	blob: Blob,
	overOld: boolean
): Promise<void> => {
	const handle = await folder.getFileHandle(name, { create: true });
	try {
		const stream = await handle.createWritable();
		try {
			await stream.write(blob);
			await stream.close();
		} catch (thrown) {
			await stream.abort().catch(() => undefined); // The failure of the write is what counts.
			throw thrown;
		}
	} catch (thrown) {
		// The bytes come into place at the end, all at once: until then an older file is as it was.
		if (!overOld) await folder.removeEntry(name).catch(() => undefined);
		throw thrown;
	}
};

/** The file as it is now, or null. */
export const readFile = async (
	folder: FileSystemDirectoryHandle,
	name: string
): Promise<File | null> => {
	try {
		return await (await folder.getFileHandle(name)).getFile();
	} catch (thrown) {
		// The folder itself may be what is missing: then looking into it fails as well.
		if (nameOf(thrown) !== 'NotFoundError') throw thrown;
		await folder.keys().next();
		return null;
	}
};

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : '');

const problems: Readonly<Record<string, FolderProblem>> = {
	NotFoundError: 'gone',
	NotAllowedError: 'permission',
	SecurityError: 'permission',
	QuotaExceededError: 'full'
};

export const translate = (
	thrown: unknown,
	folder: FileSystemDirectoryHandle,
	name: string
): AppError =>
	thrown instanceof AppError
		? thrown
		: problem(problems[nameOf(thrown)] ?? 'failed', folder, name, thrown);

const words: Readonly<Record<FolderProblem, string>> = {
	permission: 'the browser may not write there any more: renew the permission',
	gone: 'the folder is not there any more, or its disk is not connected',
	full: 'there is no room left on its disk',
	taken: 'it holds another file of that name, which was left alone',
	altered: 'what was read back is not what was written; the file was removed again',
	overwritten:
		'its disk did not keep the bytes, and the older copy there is gone; a whole one lies beside it, with .new at the end of its name',
	failed: 'the file could not be written'
};

export const problem = (
	kind: FolderProblem,
	folder: Pick<FileSystemDirectoryHandle, 'name'>,
	name: string,
	cause?: unknown
): AppError =>
	new AppError(
		'copy-failed',
		`${name} was not copied to the folder “${folder.name}”: ${words[kind]}.`,
		{ problem: kind },
		{ cause }
	);
