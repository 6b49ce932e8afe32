import { formatBytes } from '$lib/shared/bytes';

/** What is not known is never shown as a figure. */
export const notAvailable = (reason: string | null | undefined): string =>
	`not available: ${reason ?? 'not measured yet'}`;

export const bytesOr = (
	bytes: number | null | undefined,
	reason: string | null | undefined
): string => (bytes === null || bytes === undefined ? notAvailable(reason) : formatBytes(bytes));
