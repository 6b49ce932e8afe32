import { mebibyte, toHex } from '$lib/shared/bytes';
import { sha256 } from '@noble/hashes/sha2.js';
import { pour } from './folder';
import { digest } from '$lib/shared/slice-hash';

/** The browser's own SHA-256 is twenty times as fast, but wants all of a file in memory, twice. */
export const largestWholeBytes = 128 * mebibyte;

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
