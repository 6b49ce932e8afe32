import {
	findSelfHash,
	selfHashMarker,
	selfHashOf,
	selfHashSetting,
	selfHashZeros
} from '$lib/domain/self-hash';
import type { SqliteFile } from './sqlite-file';

/** Whether the bytes of a backup give the hash that it carries; null when there is none to hold against. */
export const isAsMade = async (
	bytes: Uint8Array,
	database: SqliteFile
): Promise<boolean | null> => {
	const page = database.firstPage('settings');
	if (!page) return null; // its table is gone: then there is nothing to hold the bytes against
	const text = new TextDecoder('latin1').decode(page.bytes);
	const digits = findSelfHash(page.bytes);
	if (digits === null) {
		return text.includes(selfHashSetting) || text.includes(selfHashMarker) ? false : null;
	}
	const read = (offset: number, length: number): Uint8Array => bytes.slice(offset, offset + length);
	const hash = await selfHashOf(bytes.byteLength, page.start + digits, read);
	return text.slice(digits, digits + selfHashZeros.length) === hash;
};
