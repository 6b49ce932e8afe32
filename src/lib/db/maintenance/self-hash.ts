import { mebibyte } from '$lib/shared/bytes';
import { digest, joinDigests } from '$lib/db/opfs/slice-hash';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database } from '$lib/db/sqlite/database';
import { toRawFile, type RawFile } from '$lib/db/sqlite/raw-file';

/**
 * [Note: A backup knows its own hash] A file that was downloaded comes back without its manifest, and
 * SQLite's checks miss most single bytes. So each backup carries a hash over all of its own bytes, in a
 * row of `settings`: the digits count as zeros when it is computed. It tells damage, not forgery. It is
 * the SHA-256 over the SHA-256 of each MiB, so that the browser's own hash function can do the work.
 */
export const selfHashSetting = 'backup.selfhash';

/** `absent`: an older backup, or a file taken off the disk. */
export type SelfHash = 'whole' | 'changed' | 'absent';

const marker = 'ai-notes-self-hash:';
const zeros = '0'.repeat(64);
const encoder = new TextEncoder();

/** Writes the row, then the digits past SQLite. Nothing may be written through SQLite afterwards. */
export const addSelfHash = async (connection: Connection, database: Database): Promise<void> => {
	const row = { $key: selfHashSetting, $value: marker + zeros };
	database.run('INSERT OR REPLACE INTO settings (key, value) VALUES ($key, $value)', row);
	const file = toRawFile(connection);
	const place = findDigits(database, file);
	if (place === null) {
		database.run('DELETE FROM settings WHERE key = $key', { $key: selfHashSetting });
		return;
	}
	file.write(place, encoder.encode(await hashWithout(file, place)));
	file.flush();
};

/** Whether every byte is the one that was written. */
export const judgeSelfHash = async (
	connection: Connection,
	database: Database
): Promise<SelfHash> => {
	const sql = 'SELECT value FROM settings WHERE key = $key';
	const value = database.get<{ value: unknown }>(sql, { $key: selfHashSetting })?.value;
	if (value === undefined) return 'absent';
	const file = toRawFile(connection);
	const place = findDigits(database, file);
	if (typeof value !== 'string' || place === null) return 'changed';
	return value === marker + (await hashWithout(file, place)) ? 'whole' : 'changed';
};

/** Where the digits are in the file: in the first page of the table, which a small table never leaves. */
const findDigits = (database: Database, file: RawFile): number | null => {
	const root = database.get<{ page: number }>(
		"SELECT rootpage AS page FROM sqlite_schema WHERE type = 'table' AND name = 'settings'"
	);
	const size = database.get<{ page_size: number }>('PRAGMA page_size')?.page_size ?? 0;
	if (!root || size === 0 || root.page * size > file.sizeBytes()) return null;
	const start = (root.page - 1) * size;
	const text = new TextDecoder('latin1').decode(file.read(start, size));
	const at = text.indexOf(marker);
	const isOnly = at !== -1 && text.indexOf(marker, at + 1) === -1;
	const digits = at + marker.length;
	return isOnly && digits + zeros.length <= size ? start + digits : null;
};

const hashWithout = async (file: RawFile, place: number): Promise<string> => {
	const size = file.sizeBytes();
	const digests: Uint8Array[] = [];
	for (let offset = 0; offset < size; offset += mebibyte) {
		const bytes = file.read(offset, Math.min(mebibyte, size - offset));
		// A page lies within one slice, so the digits do too.
		if (place >= offset && place < offset + bytes.byteLength) {
			bytes.set(encoder.encode(zeros), place - offset);
		}
		digests.push(await digest(bytes));
	}
	return joinDigests(digests);
};
