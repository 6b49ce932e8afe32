/**
 * Makes the storage of this worker fail at a chosen operation. Import it before anything that opens
 * files: what watches handles must sit above it, as it sits above the browser's own.
 */
export interface Fault {
	/** The operation, counted from 1 after `armFault`, at which it begins. */
	readonly at: number;
	/** `full`: writes fail with QuotaExceededError; `stop`: the worker never comes back. */
	readonly kind: 'full' | 'stop';
	/** Only this one operation, or all from here on. */
	readonly once: boolean;
}

let fault: Fault | null = null;
let operations = 0;

export const armFault = (given: Fault | null): void => {
	fault = given;
	operations = 0;
};

export const countOperations = (): number => operations;

const step = (grows: boolean): void => {
	operations += 1;
	if (!fault || operations < fault.at || (fault.once && operations > fault.at)) return;
	if (fault.kind === 'full' && grows) throw new DOMException('full', 'QuotaExceededError');
	if (fault.kind === 'stop') {
		self.postMessage('stopped');
		for (;;);
	}
};

type Method = (this: never, ...given: never[]) => unknown;

const wrap = <T extends object>(
	prototype: T,
	method: keyof T,
	grows: (self: T, given: readonly unknown[]) => boolean = () => false
): void => {
	const original = prototype[method] as Method;
	const wrapped = function (this: T, ...given: unknown[]): unknown {
		step(grows(this, given));
		return original.apply(this as never, given as never[]);
	};
	prototype[method] = wrapped as T[keyof T];
};

/** On a full disk what is there can be overwritten; a file cannot become longer. */
const makesLonger = (self: FileSystemSyncAccessHandle, given: readonly unknown[]): boolean => {
	const [bytes, options] = given as [ArrayBufferView, { at?: number } | undefined];
	return (options?.at ?? 0) + bytes.byteLength > self.getSize();
};

const handles = FileSystemSyncAccessHandle.prototype;
wrap(handles, 'write', makesLonger);
wrap(handles, 'flush');
wrap(handles, 'truncate');
wrap(FileSystemDirectoryHandle.prototype, 'removeEntry');
wrap(FileSystemDirectoryHandle.prototype, 'getFileHandle');
wrap(FileSystemFileHandle.prototype as unknown as { move: unknown }, 'move');

let opens = 0;
let failing = { from: 1, to: 0 };

/** File handles number `from` to `to`, counted from now, do not open. */
export const failOpens = (from: number, to: number): void => {
	opens = 0;
	failing = { from, to };
};

const files = FileSystemFileHandle.prototype;
const openHandle = files.createSyncAccessHandle;
files.createSyncAccessHandle = function (this: FileSystemFileHandle) {
	opens += 1;
	if (opens >= failing.from && opens <= failing.to) {
		return Promise.reject(new DOMException('a hiccup', 'InvalidStateError'));
	}
	return openHandle.call(this);
};

/** As on a full disk: what is there opens, a file that is not there cannot be made. */
export const refuseNewFiles = (): void => {
	const folders = FileSystemDirectoryHandle.prototype;
	const { getFileHandle } = folders;
	folders.getFileHandle = async function (this: FileSystemDirectoryHandle, name, options) {
		const found = await getFileHandle.call(this, name).catch(() => null);
		if (found) return found;
		if (options?.create) throw new DOMException('no room', 'QuotaExceededError');
		return getFileHandle.call(this, name, options);
	};
};
