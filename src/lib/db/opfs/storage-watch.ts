import type { StorageFault, TakeStorageFault } from '$lib/db/sqlite/sqlite-errors';

type Handle = FileSystemSyncAccessHandle;

let lastFault: StorageFault | null = null;
let isWatching = false;

/** What the last failing file handle said, once; null when none failed since. */
export const takeStorageFault: TakeStorageFault = () => {
	const fault = lastFault;
	lastFault = null;
	return fault;
};

/**
 * Listens in on every file handle of this worker. SQLite says "disk I/O error" for a full disk and for
 * a handle the browser took away; only the exception of the handle tells which (RELIABILITY.md 1.5).
 */
export const watchStorage = (): void => {
	if (isWatching || typeof FileSystemSyncAccessHandle === 'undefined') return;
	isWatching = true;
	const handles = FileSystemSyncAccessHandle.prototype;
	const { write, truncate, flush, read } = handles;
	handles.write = function (this: Handle, ...given: Parameters<Handle['write']>) {
		const written = remember(given[0].byteLength, () => write.apply(this, given));
		if (written !== given[0].byteLength) noteShortWrite(given[0].byteLength);
		return written;
	};
	handles.truncate = function (this: Handle, size: number) {
		remember(null, () => truncate.call(this, size));
	};
	handles.flush = function (this: Handle) {
		remember(null, () => flush.call(this));
	};
	handles.read = function (this: Handle, ...given: Parameters<Handle['read']>) {
		return remember(null, () => read.apply(this, given));
	};
};

/** The fault that an exception of OPFS stands for, or null when it is neither of the two. */
export const toStorageFault = (
	thrown: unknown,
	neededBytes: number | null
): StorageFault | null => {
	const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
	const message = thrown instanceof Error ? thrown.message : name;
	if (name === 'QuotaExceededError') return { kind: 'storage-full', message, neededBytes };
	if (name === 'InvalidStateError') return { kind: 'handle-lost', message, neededBytes };
	return null;
};

const remember = <T>(neededBytes: number | null, work: () => T): T => {
	try {
		return work();
	} catch (thrown) {
		lastFault = toStorageFault(thrown, neededBytes) ?? lastFault;
		throw thrown;
	}
};

const noteShortWrite = (neededBytes: number): void => {
	lastFault = { kind: 'storage-full', message: 'a write came out short', neededBytes };
};
