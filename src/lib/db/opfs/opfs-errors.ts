import { AppError, toAppError } from '$lib/shared/app-error';
import { toStorageFault } from './storage-watch';

/** Free bytes as the browser estimates them: a hint, not a promise. Null where it cannot tell. */
export const estimateFreeBytes = async (): Promise<number | null> => {
	try {
		const { quota, usage } = await navigator.storage.estimate();
		return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
	} catch {
		return null;
	}
};

/** What the browser gives this site; null where it cannot tell. */
export const estimateQuotaBytes = async (): Promise<number | null> => {
	try {
		return (await navigator.storage.estimate()).quota ?? null;
	} catch {
		return null;
	}
};

/** Turns what OPFS throws into an AppError; `what` names the file for the message. */
export const translateOpfsError = async (
	thrown: unknown,
	what: string,
	neededBytes: number | null
): Promise<AppError> => {
	if (thrown instanceof AppError) return thrown;
	const fault = toStorageFault(thrown, neededBytes);
	const options = { cause: thrown };
	if (fault?.kind === 'storage-full') {
		const details = { neededBytes, freeBytes: await estimateFreeBytes() };
		const message = `The storage of this browser is full: ${what} was not written.`;
		return new AppError('storage-full', message, details, options);
	}
	if (fault?.kind === 'handle-lost') {
		return new AppError('handle-lost', `The browser closed ${what}.`, {}, options);
	}
	if (thrown instanceof Error && thrown.name === 'SecurityError') return blocked(thrown);
	return toAppError(thrown);
};

export const blocked = (cause: unknown): AppError => {
	const message =
		'This browser does not let the app store files here (a private window or a policy).';
	return new AppError('storage-blocked', message, {}, { cause });
};
