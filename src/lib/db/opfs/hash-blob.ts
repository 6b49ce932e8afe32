import { mebibyte, toHex } from '$lib/shared/bytes';
import { sha256 } from '@noble/hashes/sha2.js';
import { pour } from './folder';

/** The browser's own SHA-256 is twenty times as fast, but wants all of a file in memory, twice. */
const largestWholeBytes = 128 * mebibyte;

/** SHA-256 of a file as it is read back from storage. */
export const hashBlob = async (blob: Blob): Promise<string> =>
	blob.size <= largestWholeBytes ? hashWhole(blob) : hashInSlices(blob);

const hashWhole = async (blob: Blob): Promise<string> =>
	toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())));

const hashInSlices = async (blob: Blob): Promise<string> => {
	const hash = sha256.create();
	await pour(blob, (bytes) => hash.update(bytes));
	return toHex(hash.digest());
};
