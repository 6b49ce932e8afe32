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

const step = (isWrite: boolean): void => {
	operations += 1;
	if (!fault || operations < fault.at || (fault.once && operations > fault.at)) return;
	if (fault.kind === 'full' && isWrite) throw new DOMException('full', 'QuotaExceededError');
	if (fault.kind === 'stop') {
		self.postMessage('stopped');
		for (;;);
	}
};

const wrap = <T extends object>(prototype: T, method: keyof T, isWrite: boolean): void => {
	const original = prototype[method] as (...given: unknown[]) => unknown;
	const wrapped = function (this: T, ...given: unknown[]): unknown {
		step(isWrite);
		return original.apply(this, given);
	};
	prototype[method] = wrapped as T[keyof T];
};

const handles = FileSystemSyncAccessHandle.prototype;
wrap(handles, 'write', true);
wrap(handles, 'flush', false);
wrap(handles, 'truncate', false);
wrap(FileSystemDirectoryHandle.prototype, 'removeEntry', false);
wrap(FileSystemDirectoryHandle.prototype, 'getFileHandle', false);
wrap(FileSystemFileHandle.prototype as unknown as { move: unknown }, 'move', false);

let failingOpens = 0;

/** The next `count` file handles do not open. */
export const failOpens = (count: number): void => {
	failingOpens = count;
};

const files = FileSystemFileHandle.prototype;
const openHandle = files.createSyncAccessHandle;
files.createSyncAccessHandle = function (this: FileSystemFileHandle) {
	if (failingOpens > 0) {
		failingOpens -= 1;
		return Promise.reject(new DOMException('a hiccup', 'InvalidStateError'));
	}
	return openHandle.call(this);
};
