import { AppError } from '$lib/shared/app-error';

/**
 * The right to touch the files of a notebook, held for the life of the worker: the browser gives it back
 * when the worker ends, however it ends. Resolves to the function that gives it back early.
 */
export const takeNotebookLock = (notebook: string, waitMs: number): Promise<() => void> =>
	new Promise((resolve, reject) => {
		const options = waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
		const hold = (lock: Lock | null): Promise<void> | undefined => {
			if (!lock) {
				reject(locked());
				return undefined;
			}
			return new Promise((release) => resolve(release));
		};
		navigator.locks.request(`notes-db-v1:${notebook}`, options, hold).catch((thrown: unknown) => {
			const isLate = thrown instanceof Error && /^(Abort|Timeout)Error$/.test(thrown.name);
			reject(isLate ? locked(thrown) : thrown);
		});
	});

const locked = (cause?: unknown): AppError =>
	new AppError('db-locked', 'The notebook is open in another tab.', {}, { cause });
