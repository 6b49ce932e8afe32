import type { ChosenFile } from '$lib/domain/import';

/** The files of an input. A folder's own name is left out: paths begin below it. */
export const filesOfInput = (files: FileList | null): ChosenFile[] =>
	Array.from(files ?? [], (file) => ({
		path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
		file
	}));

/** Files and whole folders that were dropped. Call it in the event itself: the list empties after. */
export const filesOfDrop = async (transfer: DataTransfer): Promise<ChosenFile[]> => {
	const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry());
	const found = entries.filter((entry) => entry !== null);
	const isOneFolder = found.length === 1 && found[0]?.isDirectory;
	const files = (await Promise.all(found.map(readEntry))).flat();
	// One dropped folder reads as one chosen folder.
	return isOneFolder
		? files.map(({ path, file }) => ({ path: path.split('/').slice(1).join('/'), file }))
		: files;
};

const readEntry = async (entry: FileSystemEntry): Promise<ChosenFile[]> => {
	if (entry.isFile) {
		const file = await new Promise<File>((resolve, reject) =>
			(entry as FileSystemFileEntry).file(resolve, reject)
		);
		return [{ path: entry.fullPath.replace(/^\//, ''), file }];
	}
	const children = await readFolder((entry as FileSystemDirectoryEntry).createReader());
	return (await Promise.all(children.map(readEntry))).flat();
};

/** A folder is told in portions; an empty one is the end. */
const readFolder = async (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> => {
	const all: FileSystemEntry[] = [];
	for (;;) {
		const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
			reader.readEntries(resolve, reject)
		);
		if (portion.length === 0) return all;
		all.push(...portion);
	}
};
