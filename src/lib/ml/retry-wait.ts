import { secondMs } from '$lib/shared/time';
import { toAppError, type ErrorCode } from '$lib/shared/app-error';

const transient: ReadonlySet<ErrorCode> = new Set([
	'storage-full',
	'db-locked',
	'worker-died',
	'timeout',
	'busy',
	'cancelled',
	// The notebook is closed, restored or repaired: no passage is to blame for that.
	'db-closed',
	'db-damaged',
	'db-missing',
	'db-newer-than-app',
	'handle-lost',
	'storage-blocked'
]);

/** Whether the same work may succeed later, so that nothing of it may be called failed. */
export const isTransient = (error: unknown): boolean => transient.has(toAppError(error).code);

/** 1 s, 2 s, 4 s … 60 s for the first, second, third … failure in a row. */
export const retryWaitMs = (failuresInARow: number): number =>
	Math.min(2 ** (failuresInARow - 1), 60) * secondMs;

/** Resolves after the time, or at once when the signal is aborted. */
export const waitOrAbort = async (waitMs: number, signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		const timer = setTimeout(resolve, waitMs);
		signal.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve();
		});
	});
