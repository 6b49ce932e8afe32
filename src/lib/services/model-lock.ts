import { AppError } from '$lib/shared/app-error';

/** One at a time over all tabs: two downloads would write the same file, and clearing would take it away. */
export type ModelLock = <T>(work: () => Promise<T>) => Promise<T>;

const lockName = 'ai-notes-model-download';

/** Rejects with `busy` while files of a model are being brought or cleared. */
export const createModelLock =
	(locks: Pick<LockManager, 'request'>): ModelLock =>
	async <T>(work: () => Promise<T>) =>
		locks.request(lockName, { ifAvailable: true }, async (lock) => {
			if (!lock) throw new AppError('busy', 'A model is being downloaded or cleared already.');
			return work();
		}) as Promise<T>;
