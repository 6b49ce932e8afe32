/**
 * A disk as the browser's private file system shows it, with power that can fail. What was flushed is
 * safe; of what was written since, any 512-byte sector may or may not be there after a cut.
 */
const sectorBytes = 512;

interface Change {
	readonly at: number;
	/** Null for a truncation to `at`. */
	readonly bytes: Uint8Array | null;
}

class FakeFile {
	now = new Uint8Array(0);
	durable = new Uint8Array(0);
	pending: Change[] = [];
	isTaken = false;
	modifiedAt = 0;

	apply(change: Change): void {
		this.now = applyTo(this.now, change);
		this.pending.push(change);
		this.modifiedAt += 1;
	}

	flush(): void {
		this.durable = this.now.slice();
		this.pending = [];
	}

	/** What is left of it after a cut. */
	lose(random: () => number): void {
		for (const { at, bytes } of this.pending) {
			if (bytes === null) {
				if (random() < 0.5) this.durable = applyTo(this.durable, { at, bytes });
				continue;
			}
			for (let from = 0; from < bytes.length; from += sectorBytes) {
				const sector = bytes.slice(from, from + sectorBytes);
				if (random() < 0.5) this.durable = applyTo(this.durable, { at: at + from, bytes: sector });
			}
		}
		this.pending = [];
		this.now = this.durable.slice();
		this.isTaken = false;
	}
}

const applyTo = (
	content: Uint8Array<ArrayBuffer>,
	{ at, bytes }: Change
): Uint8Array<ArrayBuffer> => {
	const size = bytes === null ? at : Math.max(content.length, at + bytes.length);
	if (bytes !== null && size === content.length) {
		content.set(bytes, at);
		return content;
	}
	const next = resize(content, size);
	if (bytes !== null) next.set(bytes, at);
	return next;
};

/** With room to spare, so that a file that grows page by page is not copied each time. */
const resize = (content: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> => {
	const isRoomy = size <= content.buffer.byteLength;
	const next = isRoomy
		? new Uint8Array(content.buffer, 0, size)
		: new Uint8Array(new ArrayBuffer(size * 2), 0, size);
	if (!isRoomy) next.set(content);
	// What was cut off before must not come back.
	if (size > content.length) next.fill(0, content.length);
	return next;
};

type Entry = FakeFile | Map<string, Entry>;

/** Thrown by every operation once the power is gone. */
export class PowerCut extends Error {}

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

	const operate = (): void => {
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
		restart() {
			loseIn(root);
			held.clear();
			isCut = false;
			cut = null;
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
