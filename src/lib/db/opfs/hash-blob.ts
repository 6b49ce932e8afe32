import { mebibyte, toHex } from '$lib/shared/bytes';
import { sha256 } from '@noble/hashes/sha2.js';
import { pour } from './folder';
import { createDigests, digest } from '$lib/shared/slice-hash';

/** The browser's own SHA-256 is twenty times as fast, but wants all of a file in memory, twice. */
const largestWholeBytes = 128 * mebibyte;

/** SHA-256 of a file as it is read back from storage. */
export const hashBlob = async (blob: Blob): Promise<string> =>
	blob.size <= largestWholeBytes ? hashWhole(blob) : hashInSlices(blob);

const hashWhole = async (blob: Blob): Promise<string> =>
	toHex(await digest(new Uint8Array(await blob.arrayBuffer())));

const hashInSlices = async (blob: Blob): Promise<string> => {
	const hash = sha256.create();
	await pour(blob, (bytes) => hash.update(bytes));
	return toHex(hash.digest());
};

export interface BlobHashes {
	readonly sha256: string;
	/** See `joinDigests`; slices of 1 MiB. */
	readonly slices: string;
}

/** The file is read once for both. */
export const hashBlobAndSlices = async (blob: Blob): Promise<BlobHashes> => {
	const digests = createDigests();
	if (blob.size <= largestWholeBytes) {
		const bytes = new Uint8Array(await blob.arrayBuffer());
		const whole = digest(bytes);
		for (let start = 0; start < bytes.byteLength; start += mebibyte) {
			await digests.add(bytes.subarray(start, start + mebibyte));
		}
		return { sha256: toHex(await whole), slices: await digests.join() };
	}
	const hash = sha256.create();
	await pour(blob, async (bytes) => {
		hash.update(bytes);
		await digests.add(bytes);
	});
	return { sha256: toHex(hash.digest()), slices: await digests.join() };
};
