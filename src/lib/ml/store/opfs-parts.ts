import { modelPartsFolder } from '$lib/domain/model-files';
import { noteEnding, type PartFile, type PartFolder, type PartNote } from './part-folder';

const openFolder = async (): Promise<FileSystemDirectoryHandle> =>
	(await navigator.storage.getDirectory()).getDirectoryHandle(modelPartsFolder, { create: true });

/** Parts in the private files of this origin. Only a worker can write them so that a crash keeps them. */
export const createOpfsParts = (): PartFolder => {
	const namesFrom = async (prefix: string): Promise<string[]> => {
		const names: string[] = [];
		for await (const name of (await openFolder()).keys()) {
			if (name.startsWith(prefix)) names.push(name);
		}
		return names;
	};

	const read = async (name: string): Promise<File | null> => {
		try {
			return await (await (await openFolder()).getFileHandle(name)).getFile();
		} catch {
			return null; // not there
		}
	};

	const drop = async (name: string): Promise<void> =>
		(await openFolder()).removeEntry(name).catch(() => undefined);

	const bytes = async (prefix: string): Promise<number> => {
		let sum = 0;
		for (const name of await namesFrom(prefix)) {
			if (!name.endsWith(noteEnding)) sum += (await read(name))?.size ?? 0;
		}
		return sum;
	};

	return {
		read,
		bytes,
		async open(name) {
			const handle = await (await openFolder()).getFileHandle(name, { create: true });
			return toPartFile(await handle.createSyncAccessHandle());
		},
		async readNote(name) {
			const text = await (await read(name + noteEnding))?.text();
			return parseNote(text ?? 'null');
		},
		async writeNote(name, note) {
			const handle = await (await openFolder()).getFileHandle(name + noteEnding, { create: true });
			const file = toPartFile(await handle.createSyncAccessHandle());
			file.empty();
			file.append(new TextEncoder().encode(JSON.stringify(note)));
			file.close();
		},
		async remove(name) {
			await drop(name);
			await drop(name + noteEnding);
		},
		async clear(prefix) {
			const before = await bytes(prefix);
			for (const name of await namesFrom(prefix)) await drop(name);
			return before - (await bytes(prefix));
		}
	};
};

const toPartFile = (handle: FileSystemSyncAccessHandle): PartFile => {
	let size = handle.getSize();
	return {
		get size() {
			return size;
		},
		append(bytes) {
			const written = handle.write(bytes as Uint8Array<ArrayBuffer>, { at: size });
			size += written;
			if (written < bytes.length) {
				throw new DOMException('a write came out short', 'QuotaExceededError');
			}
		},
		empty() {
			handle.truncate(0);
			size = 0;
		},
		close() {
			try {
				handle.flush();
			} finally {
				handle.close();
			}
		}
	};
};

/** A note that a crash cut off is no note. */
const parseNote = (text: string): PartNote | null => {
	try {
		return JSON.parse(text) as PartNote | null;
	} catch {
		return null;
	}
};
