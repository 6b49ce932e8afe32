import { FakeFile, type FileImage } from './fake-file';

type Entry = FakeFile | Map<string, Entry>;

/** All of a disk at one moment. */
export type DiskImage = ReadonlyMap<string, FileImage | DiskImage>;

const toImage = (folder: ReadonlyMap<string, Entry>): DiskImage =>
	new Map(
		[...folder].map(([name, entry]) => [
			name,
			entry instanceof FakeFile ? entry.image() : toImage(entry)
		])
	);

const isImage = (entry: FileImage | DiskImage): entry is DiskImage => entry instanceof Map;

/** In place: a pool that was closed still holds its folders. */
const setTo = (folder: Map<string, Entry>, image: DiskImage): void => {
	const before = new Map(folder);
	folder.clear();
	for (const [name, entry] of image) {
		if (!isImage(entry)) folder.set(name, FakeFile.from(entry));
		else {
			const there = before.get(name);
			const inner = there instanceof Map ? there : new Map<string, Entry>();
			setTo(inner, entry);
			folder.set(name, inner);
		}
	}
};

/** Thrown by every operation once the power is gone. */
export class PowerCut extends Error {}

/**
 * A disk as the browser's private file system shows it, with power that can fail. What was flushed is
 * safe; of what was written since, any 512-byte sector may or may not be there after a cut.
 */
export interface FakeDisk {
	/** Cuts the power at the n-th operation from now; null never. */
	cutAt(operation: number | null): void;
	operations(): number;
	/** From the n-th write on that makes a file longer, all such writes fail; null: there is room. */
	fillAfter(growths: number | null): void;
	/** Writes that made a file longer, since `fillAfter`. */
	growths(): number;
	isCut(): boolean;
	/** The disk as the next start finds it. */
	restart(): void;
	/** Called with what the disk is just before each operation; null ends it. */
	watch(onOperation: ((image: DiskImage) => void) | null): void;
	/** The disk as a start finds it after the power went at that moment. */
	restartAt(image: DiskImage): void;
}

const full = (): DOMException => new DOMException('no room', 'QuotaExceededError');
const missing = (name: string): DOMException =>
	new DOMException(`${name} is missing`, 'NotFoundError');

/** Puts the disk where the app looks for the browser's. Gives the controls. */
export const installFakeDisk = (random: () => number): FakeDisk => {
	const root = new Map<string, Entry>();
	let operations = 0;
	let cut: number | null = null;
	let isCut = false;
	let growths = 0;
	let room: number | null = null;
	let onOperation: ((image: DiskImage) => void) | null = null;

	const operate = (): void => {
		onOperation?.(toImage(root));
		operations += 1;
		if (cut !== null && operations >= cut) isCut = true;
		if (isCut) throw new PowerCut('the power is gone');
	};

	class FileSystemSyncAccessHandle {
		constructor(private readonly file: FakeFile) {}
		read(target: ArrayBufferView, { at = 0 } = {}): number {
			if (isCut) throw new PowerCut('the power is gone');
			const found = this.file.now.subarray(at, at + target.byteLength);
			new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(found);
			return found.length;
		}
		write(source: ArrayBufferView, { at = 0 } = {}): number {
			operate();
			const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
			if (at + bytes.length > this.file.now.length) {
				growths += 1;
				if (room !== null && growths > room) throw full();
			}
			this.file.apply({ at, bytes });
			return bytes.length;
		}
		truncate(size: number): void {
			operate();
			this.file.apply({ at: size, bytes: null });
		}
		getSize(): number {
			return this.file.now.length;
		}
		flush(): void {
			operate();
			this.file.flush();
		}
		close(): void {
			this.file.isTaken = false;
		}
	}

	class FileSystemHandle {}

	class FileSystemFileHandle extends FileSystemHandle {
		readonly kind = 'file';
		constructor(
			readonly name: string,
			private readonly file: FakeFile,
			private readonly parent: Map<string, Entry>
		) {
			super();
		}
		async createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle> {
			if (isCut) throw new PowerCut('the power is gone');
			if (this.file.isTaken) throw new DOMException('taken', 'NoModificationAllowedError');
			this.file.isTaken = true;
			return new FileSystemSyncAccessHandle(this.file);
		}
		async getFile(): Promise<File> {
			return new File([this.file.now.slice()], this.name, { lastModified: this.file.modifiedAt });
		}
		async move(name: string): Promise<void> {
			operate();
			this.parent.delete(this.name);
			this.parent.set(name, this.file);
		}
	}

	class FileSystemDirectoryHandle extends FileSystemHandle {
		readonly kind = 'directory';
		constructor(
			readonly name: string,
			private readonly content: Map<string, Entry>
		) {
			super();
		}
		async getDirectoryHandle(name: string, { create = false } = {}) {
			let found = this.content.get(name);
			if (!found && create) this.content.set(name, (found = new Map<string, Entry>()));
			if (!(found instanceof Map)) throw missing(name);
			return new FileSystemDirectoryHandle(name, found);
		}
		async getFileHandle(name: string, { create = false } = {}) {
			let found = this.content.get(name);
			if (!found && create) this.content.set(name, (found = new FakeFile()));
			if (!(found instanceof FakeFile)) throw missing(name);
			return new FileSystemFileHandle(name, found, this.content);
		}
		async removeEntry(name: string): Promise<void> {
			operate();
			if (!this.content.delete(name)) throw missing(name);
		}
		async *entries() {
			for (const [name, entry] of [...this.content]) {
				yield [
					name,
					entry instanceof FakeFile
						? new FileSystemFileHandle(name, entry, this.content)
						: new FileSystemDirectoryHandle(name, entry)
				] as const;
			}
		}
		async *keys() {
			for await (const [name] of this.entries()) yield name;
		}
		async *values() {
			for await (const [, handle] of this.entries()) yield handle;
		}
		[Symbol.asyncIterator]() {
			return this.entries();
		}
	}

	const held = new Set<string>();
	const locks = {
		request: async (name: string, _: unknown, work: (lock: object | null) => unknown) => {
			if (held.has(name)) return work(null);
			held.add(name);
			await work({ name });
			held.delete(name);
		}
	};
	const storage = {
		getDirectory: async () => new FileSystemDirectoryHandle('', root),
		estimate: async () => ({ quota: 1e12, usage: 0 })
	};
	const everything = {
		FileSystemHandle,
		FileSystemFileHandle,
		FileSystemDirectoryHandle,
		FileSystemSyncAccessHandle,
		navigator: { storage, locks }
	};
	for (const [name, value] of Object.entries(everything)) {
		Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
	}

	const loseIn = (folder: Map<string, Entry>): void => {
		for (const entry of folder.values()) {
			if (entry instanceof FakeFile) entry.lose(random);
			else loseIn(entry);
		}
	};

	const restart = (): void => {
		loseIn(root);
		held.clear();
		isCut = false;
		cut = null;
	};

	return {
		cutAt(operation) {
			operations = 0;
			cut = operation;
		},
		operations: () => operations,
		fillAfter(after) {
			growths = 0;
			room = after;
		},
		growths: () => growths,
		isCut: () => isCut,
		restart,
		watch(visit) {
			onOperation = visit;
		},
		restartAt(image) {
			setTo(root, image);
			restart();
		}
	};
};

/** Repeatable: the same seed gives the same run. */
export const createRandom = (seed: number): (() => number) => {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
};
