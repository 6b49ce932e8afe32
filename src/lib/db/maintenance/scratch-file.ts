import { blobStream, drain, type ByteStream } from '$lib/db/opfs/byte-stream';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database } from '$lib/db/sqlite/database';
import { toForeignDatabase } from '$lib/db/sqlite/open-connection';
import type { Pool } from '$lib/db/sqlite/pool';
import { toRawFile } from '$lib/db/sqlite/raw-file';

/** Pool files that no kill may leave behind: removed at the next open. */
export const isScratchPath = (path: string): boolean => path.startsWith('/scratch-');

let lastScratch = 0;

export const nextScratchPath = (): string => {
	lastScratch += 1;
	return `/scratch-${lastScratch}.db`;
};

export type ForeignWork<T> = (database: Database, connection: Connection) => Promise<T> | T;

/** Copies a file into the pool, opens it as one from a stranger, and removes it whatever happens. */
export const withScratch = async <T>(pool: Pool, blob: Blob, work: ForeignWork<T>): Promise<T> => {
	const path = nextScratchPath();
	try {
		await importIntoPool(pool, path, blobStream(blob));
		return await withForeign(pool, path, work);
	} finally {
		pool.discard(path);
	}
};

export const withForeign = async <T>(
	pool: Pool,
	path: string,
	work: ForeignWork<T>
): Promise<T> => {
	const connection = pool.open(path, 'write');
	const database = toForeignDatabase(connection);
	try {
		return await work(database, connection);
	} finally {
		database.close();
	}
};

/**
 * Slice by slice through a connection that holds the slot. The pool's own importDb picks a free slot
 * without taking it: a journal that the live file opens meanwhile would get the same one.
 */
export const importIntoPool = async (
	pool: Pool,
	path: string,
	stream: ByteStream
): Promise<void> => {
	pool.remove(path);
	const connection = pool.open(path, 'create');
	try {
		const file = toRawFile(connection);
		let offset = 0;
		await drain(stream, (bytes) => {
			file.write(offset, offset === 0 ? withoutWalMode(bytes) : bytes);
			offset += bytes.byteLength;
		});
		file.flush();
	} finally {
		connection.handle.close();
	}
};

/** A file marked for WAL does not open here. Our own backups never are. */
const withoutWalMode = (bytes: Uint8Array): Uint8Array => {
	if (bytes.byteLength < 20 || (bytes[18] !== 2 && bytes[19] !== 2)) return bytes;
	const patched = bytes.slice();
	patched[18] = 1;
	patched[19] = 1;
	return patched;
};
