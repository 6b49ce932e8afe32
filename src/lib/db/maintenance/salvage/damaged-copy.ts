import { AppError } from '$lib/shared/app-error';
import { migrate } from '$lib/db/migrations/migrate';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database } from '$lib/db/sqlite/database';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import { openConnection, toDamagedDatabase, toOwnDatabase } from '$lib/db/sqlite/open-connection';
import type { Pool } from '$lib/db/sqlite/pool';
import { toRawFile } from '$lib/db/sqlite/raw-file';

export interface DamagedCopy {
	readonly connection: Connection;
	/** Null when SQLite makes nothing of it: then there are only the raw pages. */
	readonly database: Database | null;
	readonly pageSize: number;
	readonly remarks: readonly string[];
}

const headerBytes = 100;
const magic = 'SQLite format 3\0';
const sizes = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

/**
 * Opens a copy of a damaged file as far as it can be opened. A header that makes no sense is replaced by
 * one of ours, in the copy. The caller closes the connection.
 */
export const openDamagedCopy = (engine: SqliteEngine, pool: Pool, path: string): DamagedCopy => {
	const { pageSize, remarks } = mendHeader(engine, pool, path);
	const connection = pool.open(path, 'write');
	try {
		const database = toDamagedDatabase(connection);
		// Only whether there is such a table: which of its pages can be read is found out row by row.
		database.get('SELECT 1 FROM notes NOT INDEXED LIMIT 0');
		return { connection, database, pageSize, remarks };
	} catch (thrown) {
		if (!(thrown instanceof AppError)) throw thrown;
		const remark = `SQLite cannot read its tables (${thrown.message}): its pages were read one by one.`;
		return { connection, database: null, pageSize, remarks: [...remarks, remark] };
	}
};

interface Mended {
	readonly pageSize: number;
	readonly remarks: string[];
}

/** The number of pages is set to what is there; everything else stays when it makes sense. */
const mendHeader = (engine: SqliteEngine, pool: Pool, path: string): Mended => {
	const connection = pool.open(path, 'write');
	try {
		const file = toRawFile(connection);
		const remarks: string[] = [];
		const size = file.sizeBytes();
		const header = file.read(0, Math.min(headerBytes, size));
		const template = templateHeader(engine);
		const stored = readPageSize(header);
		const isSound = hasMagic(header) && stored !== null && isPlausible(header, template);
		const next = isSound ? header.slice() : template;
		if (!isSound)
			remarks.push('The header of the file was damaged: one of this app was put in its place.');
		const pageSize = readPageSize(next) ?? 8192;
		const pages = Math.floor(size / pageSize);
		const view = new DataView(next.buffer, next.byteOffset, next.byteLength);
		if (isSound && view.getUint32(28) > pages) {
			remarks.push(`The file is cut off: it has ${pages} of ${view.getUint32(28)} pages.`);
		}
		view.setUint32(28, pages);
		view.setUint32(92, view.getUint32(24)); // Only then SQLite believes the number of pages.
		if (size >= headerBytes) file.write(0, next);
		file.flush();
		return { pageSize, remarks };
	} finally {
		connection.handle.close();
	}
};

const hasMagic = (header: Uint8Array): boolean =>
	header.length === headerBytes &&
	[...magic].every((letter, index) => header[index] === letter.charCodeAt(0));

const readPageSize = (header: Uint8Array): number | null => {
	if (header.length < headerBytes) return null;
	const stored = new DataView(header.buffer, header.byteOffset).getUint16(16);
	const size = stored === 1 ? 65536 : stored;
	return sizes.includes(size) ? size : null;
};

/** Bytes that never differ in a file of ours: formats, fractions, encoding, and whose file it is. */
const fixed = [18, 19, 20, 21, 22, 23, 44, 45, 46, 47, 56, 57, 58, 59, 68, 69, 70, 71] as const;

const isPlausible = (header: Uint8Array, template: Uint8Array): boolean =>
	fixed.every((at) => header[at] === template[at]);

/** The header of an empty notebook of today, without a list of free pages. */
const templateHeader = (engine: SqliteEngine): Uint8Array => {
	const connection = openConnection(engine, { path: ':memory:', mode: 'create' });
	try {
		migrate(toOwnDatabase(connection));
		const { capi } = engine;
		return capi.sqlite3_js_db_export(connection.handle).slice(0, headerBytes);
	} finally {
		connection.handle.close();
	}
};
