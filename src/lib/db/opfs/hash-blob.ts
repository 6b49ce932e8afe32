import { toHex } from '$lib/shared/bytes';
import { sha256 } from '@noble/hashes/sha2.js';
import { pour } from './folder';

/** SHA-256 of a file as it is read back from storage, in slices. */
export const hashBlob = async (blob: Blob): Promise<string> => {
	const hash = sha256.create();
	await pour(blob, (bytes) => hash.update(bytes));
	return toHex(hash.digest());
};
