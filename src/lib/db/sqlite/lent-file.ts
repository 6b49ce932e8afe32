import type { OpenFile } from '$lib/db/opfs/folder';
import type { RawFile } from './raw-file';
import { kibibyte } from '$lib/shared/bytes';

/** A file outside of the pool, as SQLite sees it. What it throws is an I/O error there. */
export interface LentFile {
	sizeBytes(): number;
	/** Gives how many bytes there were. */
	read(target: Uint8Array, at: number): number;
	/** Absent: nobody can change it. */
	readonly writing?: {
		write(bytes: Uint8Array, at: number): void;
		truncate(sizeBytes: number): void;
		flush(): void;
	};
}

/** Bytes in memory that nobody can change. */
export const toFixedFile = (bytes: Uint8Array): LentFile => ({
	sizeBytes: () => bytes.byteLength,
	read: (target, at) => {
		const found = bytes.subarray(at, at + target.byteLength);
		target.set(found);
		return found.byteLength;
	}
});

/** Its bytes, slice by slice. */
export const toReadable = (file: LentFile): Pick<RawFile, 'sizeBytes' | 'read'> => ({
	sizeBytes: file.sizeBytes,
	read(offset, length) {
		const bytes = new Uint8Array(length);
		return bytes.subarray(0, file.read(bytes, offset));
	}
});

export const createMemoryFile = (): LentFile => {
	let bytes = new Uint8Array(0);
	let size = 0;
	const grow = (wanted: number): void => {
		if (wanted <= bytes.byteLength) return;
		const larger = new Uint8Array(2 * wanted);
		larger.set(bytes);
		bytes = larger;
	};
	return {
		sizeBytes: () => size,
		read: (target, at) => toFixedFile(bytes.subarray(0, size)).read(target, at),
		writing: {
			write(written, at) {
				grow(at + written.byteLength);
				bytes.set(written, at);
				size = Math.max(size, at + written.byteLength);
			},
			truncate(length) {
				grow(length);
				bytes.fill(0, Math.min(size, length));
				size = length;
			},
			flush: () => undefined
		}
	};
};

/** Nobody can change it as long as it is lent. */
export const toReadOnly = ({ sizeBytes, read }: OpenFile): LentFile => ({ sizeBytes, read });

/** A new file. SQLite writes it page by page, in order: they go to the disk many at a time. */
export const toNewFile = (file: OpenFile): LentFile => {
	const waiting = new Uint8Array(64 * kibibyte);
	let from = 0;
	let length = 0;
	const pour = (): void => {
		if (length > 0) file.write(waiting.subarray(0, length), from);
		length = 0;
	};
	return {
		sizeBytes: () => Math.max(file.sizeBytes(), length > 0 ? from + length : 0),
		read(target, at) {
			pour();
			return file.read(target, at);
		},
		writing: {
			write(bytes, at) {
				if (at !== from + length || length + bytes.byteLength > waiting.byteLength) pour();
				if (bytes.byteLength > waiting.byteLength) {
					file.write(bytes, at);
					return;
				}
				if (length === 0) from = at;
				waiting.set(bytes, length);
				length += bytes.byteLength;
			},
			truncate(sizeBytes) {
				pour();
				file.truncate(sizeBytes);
			},
			flush() {
				pour();
				file.flush();
			}
		}
	};
};
