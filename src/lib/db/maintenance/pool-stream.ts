import { mebibyte, toHex } from '$lib/shared/bytes';
import type { Breathe } from '$lib/shared/pacer';
import { sha256 } from '@noble/hashes/sha2.js';
import { sliceStream, type Bytes, type ByteStream } from '$lib/db/opfs/byte-stream';
import type { RawFile } from '$lib/db/sqlite/raw-file';

/** Hands out a file of the pool in slices and resolves to its SHA-256. */
export const streamRaw = async (
	file: RawFile,
	sink: (bytes: Uint8Array) => void,
	breathe: Breathe
): Promise<string> => {
	const hash = sha256.create();
	const size = file.sizeBytes();
	for (let offset = 0; offset < size; offset += mebibyte) {
		const bytes = file.read(offset, Math.min(mebibyte, size - offset));
		hash.update(bytes);
		sink(bytes);
		await breathe();
	}
	return toHex(hash.digest());
};

/** A file of the pool in slices. */
export const rawStream = (file: RawFile): ByteStream =>
	sliceStream(file.sizeBytes(), (offset, length) => file.read(offset, length) as Bytes);

/** SHA-256 of a file of the pool at this moment: nothing else runs meanwhile. */
export const hashRaw = (file: RawFile): string => {
	const hash = sha256.create();
	const size = file.sizeBytes();
	for (let offset = 0; offset < size; offset += mebibyte) {
		hash.update(file.read(offset, Math.min(mebibyte, size - offset)));
	}
	return toHex(hash.digest());
};

/** The first so many bytes, handed to the browser slice by slice, which keeps large blobs on disk. */
export const rawToBlob = (file: RawFile, sizeBytes = file.sizeBytes()): Blob => {
	const slices: Blob[] = [];
	for (let offset = 0; offset < sizeBytes; offset += 4 * mebibyte) {
		const bytes = file.read(offset, Math.min(4 * mebibyte, sizeBytes - offset));
		slices.push(new Blob([bytes as Bytes]));
	}
	return new Blob(slices, { type: 'application/vnd.sqlite3' });
};
