import { mebibyte } from '$lib/shared/bytes';
import { createDigests } from '$lib/shared/slice-hash';

/**
 * [Note: A backup knows its own hash] A file that was downloaded comes back without its manifest, and
 * SQLite's checks miss most single bytes. So each backup carries a hash over all of its own bytes, in a
 * row of `settings`: the digits count as zeros when it is computed. It tells damage, not forgery. It is
 * the SHA-256 over the SHA-256 of each MiB, so that the browser's own hash function can do the work.
 */
export const selfHashSetting = 'backup.selfhash';

/** `absent`: an older backup, or a file taken off the disk. */
export type SelfHash = 'whole' | 'changed' | 'absent';

export const selfHashMarker = 'ai-notes-self-hash:';
export const selfHashZeros = '0'.repeat(64);

/** Where the digits are in the first page of `settings`, which a small table never leaves; or null. */
export const findSelfHash = (page: Uint8Array): number | null => {
	const text = new TextDecoder('latin1').decode(page);
	const at = text.indexOf(selfHashMarker);
	const isOnly = at !== -1 && text.indexOf(selfHashMarker, at + 1) === -1;
	const digits = at + selfHashMarker.length;
	return isOnly && digits + selfHashZeros.length <= page.byteLength ? digits : null;
};

/** The hash of a file whose digits are at `place`. What `read` gives is not changed. */
export const selfHashOf = async (
	sizeBytes: number,
	place: number,
	read: (offset: number, length: number) => Uint8Array
): Promise<string> => {
	const digests = createDigests();
	for (let offset = 0; offset < sizeBytes; offset += mebibyte) {
		const bytes = read(offset, Math.min(mebibyte, sizeBytes - offset));
		// A page lies within one slice, so the digits do too.
		const hasDigits = place >= offset && place < offset + bytes.byteLength;
		await digests.add(hasDigits ? withZeros(bytes, place - offset) : bytes);
	}
	return digests.join();
};

const withZeros = (bytes: Uint8Array, at: number): Uint8Array => {
	const changed = bytes.slice();
	changed.set(new TextEncoder().encode(selfHashZeros), at);
	return changed;
};
