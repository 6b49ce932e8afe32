import { toAppError, type ErrorCode } from '$lib/shared/app-error';

/** What is safe and what to do, for the failures that a writer meets. The rest say what happened. */
const advice: Partial<Record<ErrorCode, string>> = {
	'storage-full':
		'The disk or the space for this site is full. Your text is still here: free some space, then try again.',
	'db-locked': 'Your notes are open in another tab. Your text is still here: choose “Use here”.',
	'db-closed': 'The notebook is closed in this tab. Your text is still here.',
	'handle-lost': 'The browser closed the notebook’s file. Your text is still here: try again.',
	'worker-died': 'The part that writes to disk stopped. Your text is still here: try again.',
	timeout: 'The notebook did not answer in time. Your text is still here: try again.'
};

/** A failure in words for the screen. */
export const errorText = (error: unknown): string => {
	const { code, message } = toAppError(error);
	return advice[code] ?? message;
};
