import { AppError } from '$lib/shared/app-error';
import type { Connection } from './connection';
import { translateSqliteError } from './sqlite-errors';

/** The bytes of an open file below SQL. Reads need no more memory than the slice asked for. */
export interface RawFile {
	sizeBytes(): number;
	/** Exactly `length` bytes; the file must have them. */
	read(offset: number, length: number): Uint8Array;
	/** Past SQLite, which does not learn of it: only before a database is in it, or after the last use. */
	write(offset: number, bytes: Uint8Array): void;
	flush(): void;
}

type Method = 'xRead' | 'xWrite' | 'xSync' | 'xFileSize';
type Call = (method: Method, ...given: readonly (number | bigint)[]) => void;

/** SQLite's own file object of a connection, which is the only door to a file inside the pool. */
export const toRawFile = (connection: Connection): RawFile => {
	const { wasm } = connection.engine;
	const call = bindMethods(connection);

	const withMemory = <T>(length: number, work: (pointer: number) => T): T => {
		const pointer = wasm.alloc(Math.max(length, 8));
		try {
			return work(pointer);
		} catch (thrown) {
			throw translateSqliteError(thrown, connection.takeFault);
		} finally {
			wasm.dealloc(pointer);
		}
	};

	return {
		sizeBytes: () =>
			withMemory(8, (pointer) => {
				call('xFileSize', pointer);
				return Number(wasm.peek64(pointer));
			}),
		read: (offset, length) =>
			withMemory(length, (pointer) => {
				call('xRead', pointer, length, BigInt(offset));
				return wasm.heap8u().slice(pointer, pointer + length);
			}),
		write: (offset, bytes) =>
			withMemory(bytes.byteLength, (pointer) => {
				wasm.heap8u().set(bytes, pointer);
				call('xWrite', pointer, bytes.byteLength, BigInt(offset));
			}),
		flush: () => withMemory(0, () => call('xSync', 2))
	};
};

const bindMethods = (connection: Connection): Call => {
	const { capi, wasm, SQLite3Error } = connection.engine;
	const pointer = findFilePointer(connection);
	const file = new capi.sqlite3_file(pointer);
	// The typings know the methods, not the members `$x…` that hold their pointers.
	const methods = new capi.sqlite3_io_methods(file.$pMethods) as unknown as Record<string, number>;
	return (method, ...given) => {
		const entry = wasm.functionEntry(methods[`$${method}`] ?? 0) as
			((...all: (number | bigint)[]) => number) | undefined;
		if (!entry) throw new AppError('unknown', `The storage has no ${method}.`);
		const code = entry(pointer, ...given);
		if (code !== 0) throw new SQLite3Error(code);
	};
};

const findFilePointer = ({ engine, handle }: Connection): number => {
	const { capi, wasm } = engine;
	if (handle.pointer === undefined) throw new AppError('db-closed', 'The database is closed.');
	const place = wasm.alloc(8);
	try {
		capi.sqlite3_file_control(handle.pointer, 'main', capi.SQLITE_FCNTL_FILE_POINTER, place);
		return Number(wasm.peekPtr(place));
	} finally {
		wasm.dealloc(place);
	}
};
