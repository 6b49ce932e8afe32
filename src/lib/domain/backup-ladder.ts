import { dayMs } from '$lib/shared/time';
import type { BackupManifest } from './backup';

interface Rung {
	readonly count: number;
	/** Two backups of one period have one key. */
	readonly periodOf: (timeMs: number) => number;
}

/** 1 January 1970 was a Thursday; weeks begin on Monday. */
const daysToMonday = 3;

const rungs: readonly Rung[] = [
	{ count: 7, periodOf: (timeMs) => Math.floor(timeMs / dayMs) },
	{
		count: 4,
		periodOf: (timeMs) => Math.floor((Math.floor(timeMs / dayMs) + daysToMonday) / 7)
	},
	{
		count: 6,
		periodOf: (timeMs) => {
			const date = new Date(timeMs);
			return date.getUTCFullYear() * 12 + date.getUTCMonth();
		}
	}
];

export const ladderWords =
	'one a day for 7 days, one a week for 4 weeks and one a month for 6 months';

/**
 * The newest backup of each of the last seven days, four weeks and six months that have one, in UTC as
 * in the file names. Periods without a backup do not count: after a long absence, or with a clock that
 * was wrong, nothing falls off. Wants the newest first.
 */
export const onLadder = (newestFirst: readonly BackupManifest[]): ReadonlySet<BackupManifest> => {
	const kept = new Set<BackupManifest>();
	for (const { count, periodOf } of rungs) {
		const seen = new Set<number>();
		for (const backup of newestFirst) {
			const period = periodOf(backup.createdAtMs);
			if (seen.has(period) || seen.size >= count) continue;
			seen.add(period);
			kept.add(backup);
		}
	}
	return kept;
};
