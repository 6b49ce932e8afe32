export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Milliseconds since the epoch. Passed in, so that tests own it. */
export type Clock = () => number;

/** ISO 8601 in UTC, as commands and files use it. */
export const toIso = (timeMs: number): string => new Date(timeMs).toISOString();

/** `20260512T093000Z`: sortable, and allowed in a file name everywhere. */
export const toFileStamp = (timeMs: number): string =>
	toIso(timeMs)
		.replace(/[-:]/g, '')
		.replace(/\.\d+Z$/, 'Z');
