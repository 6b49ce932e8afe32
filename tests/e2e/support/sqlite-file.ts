import { createHash } from 'node:crypto';
import initSqlite, { type Database } from '@sqlite.org/sqlite-wasm';

/** Opens the bytes of a database file with the plain SQLite library, without any code of the app. */
export const withSqlite = async <T>(
	bytes: Uint8Array,
	work: (database: Database) => T
): Promise<T> => {
	const { capi, oo1, wasm } = await initSqlite();
	const database = new oo1.DB();
	try {
		const pointer = wasm.allocFromTypedArray(new Uint8Array(bytes));
		const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE;
		const size = bytes.byteLength;
		const code = capi.sqlite3_deserialize(database, 'main', pointer, size, size, flags);
		if (code !== 0) throw new Error(`the file does not open: ${code}`);
		return work(database);
	} finally {
		database.close();
	}
};

/** One column of all rows. */
export const column = (database: Database, sql: string): unknown[] =>
	database.selectValues(sql) as unknown[];

export const sha256 = (bytes: Uint8Array): string =>
	createHash('sha256').update(bytes).digest('hex');

/** A copy of the bytes with every occurrence of a word replaced by one of the same length. */
export const withWordReplaced = (bytes: Uint8Array, word: string, by: string): Buffer => {
	const copy = Buffer.from(bytes);
	if (!copy.includes(word) || word.length !== by.length) throw new Error(`cannot replace ${word}`);
	for (let at = copy.indexOf(word); at !== -1; at = copy.indexOf(word)) copy.write(by, at);
	return copy;
};

const userVersionAt = 60;

/** A copy of a database that says that a newer app made it. */
export const withSchemaVersion = (bytes: Uint8Array, version: number): Buffer => {
	const copy = Buffer.from(bytes);
	copy.writeUInt32BE(version, userVersionAt);
	return copy;
};
