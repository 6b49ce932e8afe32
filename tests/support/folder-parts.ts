import {
	closeSync,
	existsSync,
	fstatSync,
	ftruncateSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
	writeSync
} from 'node:fs';
import { join } from 'node:path';
import { noteEnding, type PartFolder } from '$lib/ml/store/part-folder';

export interface FolderParts extends PartFolder {
	/** The disk takes no more than so many bytes in one file from now on; null lifts it. */
	limit(bytes: number | null): void;
}

/** Parts as files of a real folder: they outlive whoever wrote them. */
export const createFolderParts = (folder: string): FolderParts => {
	let limitBytes = Number.POSITIVE_INFINITY;
	const namesFrom = (prefix: string): string[] =>
		readdirSync(folder).filter((name) => name.startsWith(prefix));
	const bytes = (prefix: string): number =>
		namesFrom(prefix)
			.filter((name) => !name.endsWith(noteEnding))
			.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
	const read = (name: string): Buffer | null =>
		existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : null;
	return {
		limit: (most) => void (limitBytes = most ?? Number.POSITIVE_INFINITY),
		bytes: async (prefix) => Promise.resolve(bytes(prefix)),
		read: async (name) => {
			const found = read(name);
			return Promise.resolve(found && new Blob([new Uint8Array(found)]));
		},
		readNote: async (name) =>
			Promise.resolve(JSON.parse(read(name + noteEnding)?.toString() ?? 'null') as never),
		writeNote: async (name, note) =>
			Promise.resolve(writeFileSync(join(folder, name + noteEnding), JSON.stringify(note))),
		open: async (name) => {
			const file = openSync(join(folder, name), 'a+');
			return Promise.resolve({
				get size() {
					return fstatSync(file).size;
				},
				append(piece) {
					if (fstatSync(file).size + piece.length > limitBytes) {
						throw new DOMException('the disk is full', 'QuotaExceededError');
					}
					writeSync(file, piece);
				},
				empty: () => ftruncateSync(file, 0),
				close: () => closeSync(file)
			});
		},
		remove: async (name) => {
			for (const each of [name, name + noteEnding]) rmSync(join(folder, each), { force: true });
			return Promise.resolve();
		},
		clear: async (prefix) => {
			const freed = bytes(prefix);
			for (const name of namesFrom(prefix)) rmSync(join(folder, name));
			return Promise.resolve(freed);
		}
	};
};
