import { mebibyte } from '$lib/shared/bytes';
import { startOfLocalDay } from '$lib/shared/local-day';
import { dayMs } from '$lib/shared/time';

/** `errors` holds the lines of level error, and keeps them longer. */
export type LogName = 'general' | 'errors';

/** One closed and compressed day, or part of a day, of one log. A line lies in one archive only. */
export interface LogArchive {
	readonly id: string;
	readonly log: LogName;
	/** `20260512`, by the user's clock. */
	readonly day: string;
	readonly fromMs: number;
	readonly toMs: number;
	readonly lines: number;
	/** Lines with their repeats. */
	readonly occurrences: number;
	/** Compressed. */
	readonly bytes: number;
	readonly rawBytes: number;
}

/** Open lines above this are closed at once, whatever the day. */
export const mostOpenBytes = 4 * mebibyte;

const keptByLog: Readonly<Record<LogName, { readonly days: number; readonly bytes: number }>> = {
	general: { days: 14, bytes: 16 * mebibyte },
	errors: { days: 90, bytes: 8 * mebibyte }
};

/** Lines older than this are closed. Yesterday stays open, as logrotate's `delaycompress` does. */
export const closedBefore = (nowMs: number): number => startOfLocalDay(nowMs, -1);

/**
 * Ids of the archives that are one too many: beyond the days kept, or beyond the bytes. Days without
 * lines do not count, so that somebody who comes back after months still finds the last ones.
 */
export const surplusArchives = (archives: readonly LogArchive[]): readonly string[] =>
	(['general', 'errors'] as const).flatMap((log) => surplusOf(log, archives));

const surplusOf = (log: LogName, archives: readonly LogArchive[]): string[] => {
	const newestFirst = archives
		.filter((archive) => archive.log === log)
		.toSorted((a, b) => b.toMs - a.toMs);
	const days = new Set<string>();
	let bytes = 0;
	return newestFirst
		.filter((archive) => {
			days.add(archive.day);
			bytes += archive.bytes;
			return days.size > keptByLog[log].days || bytes > keptByLog[log].bytes;
		})
		.map(({ id }) => id);
};

/** Before this moment lines are too old for somebody who keeps `days` days. */
export const cleanupCutoff = (nowMs: number, days: number): number => nowMs - days * dayMs;
