import type { SqliteEngine } from './engine';
import { createMemoryFile, type LentFile } from './lent-file';

export const lentVfsName = 'lent-files';

interface Serving {
	readonly engine: SqliteEngine;
	/** By the name under which it is lent. */
	readonly lent: Map<string, LentFile>;
	/** By SQLite's own file object. */
	readonly opened: Map<number, LentFile>;
}

const servingByEngine = new WeakMap<SqliteEngine, Serving>();

/**
 * Registers the VFS that serves lent files, once for each engine, and gives the names it serves. There is
 * one thread and nobody else, so it knows no locks. A journal lies in memory: what is written to a lent
 * file is of no use to anybody after a crash.
 */
export const installLentVfs = (engine: SqliteEngine): Map<string, LentFile> => {
	const known = servingByEngine.get(engine);
	if (known) return known.lent;
	const serving: Serving = { engine, lent: new Map(), opened: new Map() };
	const { capi } = engine;
	const io = new capi.sqlite3_io_methods();
	Object.assign(io, { $iVersion: 1 }); // the typings know the methods, not all members
	const usual = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null as never) as never);
	const vfs = new capi.sqlite3_vfs();
	vfs.$iVersion = 1;
	vfs.$szOsFile = usual.$szOsFile;
	vfs.$mxPathname = 512;
	Object.assign(vfs, { $xRandomness: (usual as unknown as { $xRandomness: number }).$xRandomness });
	usual.dispose();
	const parts = {
		io: { struct: io, methods: createIoMethods(serving) },
		vfs: { struct: vfs, name: lentVfsName, methods: createVfsMethods(serving, io.pointer) }
	};
	engine.vfs.installVfs(parts as unknown as Parameters<typeof engine.vfs.installVfs>[0]);
	servingByEngine.set(engine, serving);
	return serving.lent;
};

const createIoMethods = ({ engine, opened }: Serving) => {
	const { capi, wasm } = engine;
	const heapAt = (pointer: number, length: number): Uint8Array =>
		wasm.heap8u().subarray(pointer, pointer + length);
	/** What throws is remembered by the file handles: see `storage-watch.ts`. */
	const attempt = (code: number, work: () => number | void): number => {
		try {
			return work() ?? 0;
		} catch {
			return code;
		}
	};
	const fileOf = (pointer: number): LentFile => {
		const file = opened.get(pointer);
		if (!file) throw new Error('no file');
		return file;
	};
	const writingOf = (pointer: number) => {
		const { writing } = fileOf(pointer);
		if (!writing) throw new Error('nobody may write to it');
		return writing;
	};
	return {
		xClose(file: number) {
			opened.delete(file);
			return 0;
		},
		xRead: (file: number, into: number, length: number, at: bigint) =>
			attempt(capi.SQLITE_IOERR_READ, () => {
				const target = heapAt(into, length);
				const found = fileOf(file).read(target, Number(at));
				if (found === length) return 0;
				target.fill(0, found);
				return capi.SQLITE_IOERR_SHORT_READ;
			}),
		xWrite: (file: number, from: number, length: number, at: bigint) =>
			attempt(capi.SQLITE_IOERR_WRITE, () => {
				writingOf(file).write(heapAt(from, length), Number(at));
			}),
		xTruncate: (file: number, size: bigint) =>
			attempt(capi.SQLITE_IOERR_TRUNCATE, () => {
				writingOf(file).truncate(Number(size));
			}),
		xSync: (file: number) =>
			attempt(capi.SQLITE_IOERR_FSYNC, () => {
				fileOf(file).writing?.flush();
			}),
		xFileSize: (file: number, out: number) =>
			attempt(capi.SQLITE_IOERR_FSTAT, () => {
				wasm.poke64(out, BigInt(fileOf(file).sizeBytes()));
			}),
		...createFactMethods(engine)
	};
};

/** Nobody else is there to be locked out. */
const createFactMethods = ({ capi, wasm }: SqliteEngine) => ({
	xLock: () => 0,
	xUnlock: () => 0,
	xCheckReservedLock(_: number, out: number) {
		wasm.poke32(out, 0);
		return 0;
	},
	xFileControl: () => capi.SQLITE_NOTFOUND,
	xSectorSize: () => 4096,
	xDeviceCharacteristics: () => capi.SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN
});

const createVfsMethods = ({ engine, lent, opened }: Serving, ioPointer: unknown) => {
	const { capi, wasm } = engine;
	const nameAt = (pointer: number): string => wasm.cstrToJs(pointer) ?? '';
	const find = (name: string, flags: number): LentFile | undefined =>
		flags & capi.SQLITE_OPEN_MAIN_DB ? lent.get(name) : createMemoryFile();
	return {
		xOpen(_: number, name: number, file: number, flags: number, outFlags: number) {
			const found = find(nameAt(name), flags);
			if (!found) return capi.SQLITE_CANTOPEN;
			opened.set(file, found);
			const object = new capi.sqlite3_file(file);
			object.$pMethods = ioPointer as typeof object.$pMethods;
			object.dispose();
			wasm.poke32(outFlags, flags);
			return 0;
		},
		xAccess(_: number, name: number, __: number, out: number) {
			wasm.poke32(out, lent.has(nameAt(name)) ? 1 : 0);
			return 0;
		},
		xDelete: () => 0,
		xFullPathname: (_: number, name: number, length: number, out: number) =>
			wasm.cstrncpy(out, name, length) < length ? 0 : capi.SQLITE_CANTOPEN,
		xGetLastError: () => 0,
		xSleep: () => 0,
		xCurrentTime(_: number, out: number) {
			wasm.poke(out, 2_440_587.5 + Date.now() / 86_400_000, 'double');
			return 0;
		}
	};
};
