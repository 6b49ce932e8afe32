import {
	findSelfHash,
	selfHashMarker,
	selfHashOf,
	selfHashSetting,
	selfHashZeros,
	type SelfHash
} from '$lib/domain/self-hash';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database } from '$lib/db/sqlite/database';
import { toRawFile, type RawFile } from '$lib/db/sqlite/raw-file';

/** What a sealed file must come back as: this hash, and its digits at this place. */
export interface Seal {
	readonly hash: string;
	/** Null in a file that has no row for them: nothing in it counts as zeros. */
	readonly place: number | null;
}

/** Writes the row, then the digits past SQLite. Nothing may be written through SQLite afterwards. */
export const addSelfHash = async (connection: Connection, database: Database): Promise<Seal> => {
	const row = { $key: selfHashSetting, $value: selfHashMarker + selfHashZeros };
	database.run('INSERT OR REPLACE INTO settings (key, value) VALUES ($key, $value)', row);
	const file = toRawFile(connection);
	const place = findDigits(database, file);
	if (place === null) {
		database.run('DELETE FROM settings WHERE key = $key', { $key: selfHashSetting });
		return { hash: await hashOf(file, nowhere), place };
	}
	const hash = await hashOf(file, place);
	file.write(place, new TextEncoder().encode(hash));
	file.flush();
	return { hash, place };
};

const nowhere = -1;

/** Whether every byte is the one that `addSelfHash` left. */
export const bearsSeal = async (file: Readable, { hash, place }: Seal): Promise<boolean> => {
	if ((await hashOf(file, place ?? nowhere)) !== hash) return false;
	return place === null || new TextDecoder().decode(file.read(place, hash.length)) === hash;
};

type Readable = Pick<RawFile, 'sizeBytes' | 'read'>;

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
	return value === selfHashMarker + (await hashOf(file, place)) ? 'whole' : 'changed';
};

/** Where the digits are in the file. */
const findDigits = (database: Database, file: RawFile): number | null => {
	const root = database.get<{ page: number }>(
		"SELECT rootpage AS page FROM sqlite_schema WHERE type = 'table' AND name = 'settings'"
	);
	const size = database.get<{ page_size: number }>('PRAGMA page_size')?.page_size ?? 0;
	if (!root || size === 0 || root.page * size > file.sizeBytes()) return null;
	const start = (root.page - 1) * size;
	const digits = findSelfHash(file.read(start, size));
	return digits === null ? null : start + digits;
};

const hashOf = async (file: Readable, place: number): Promise<string> =>
	selfHashOf(file.sizeBytes(), place, (offset, length) => file.read(offset, length));
