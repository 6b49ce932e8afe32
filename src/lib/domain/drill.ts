import { formatRelative } from '$lib/shared/relative-time';
import { dayMs } from '$lib/shared/time';
import type { BackupManifest } from './backup';

/** A test restore that ran to its end. Kept beside the backups, newest first. */
export interface DrillRecord {
	/** The backup that was tried. */
	readonly name: string;
	readonly atMs: number;
	readonly passed: boolean;
	readonly durationMs: number;
	/** What failed, in plain sentences; empty when it passed. */
	readonly findings: readonly string[];
}

export const drillIntervalMs = 7 * dayMs;
const retryMs = dayMs;
export const drillsToKeep = 50;

/** The newest drill that passed, or null. */
export const newestProof = (drills: readonly DrillRecord[]): DrillRecord | null =>
	drills.find(({ passed }) => passed) ?? null;

/**
 * Whether a backup should be tried now: weekly, a day after a failure, and when the clock was put back.
 * Nothing is due while there is nothing that could be tried.
 */
export const isDrillDue = (
	drills: readonly DrillRecord[],
	backups: readonly BackupManifest[],
	nowMs: number
): boolean => {
	if (!backups.some(isTriable)) return false;
	const [last] = drills;
	if (!last) return true;
	const ageMs = nowMs - last.atMs;
	return ageMs < -dayMs || ageMs >= (last.passed ? drillIntervalMs : retryMs);
};

/** What a drill without a name chooses from: sound as far as is known, and not put aside. */
export const isTriable = ({ verified, kind }: BackupManifest): boolean =>
	verified && kind !== 'quarantined';

/** `proven restorable 2 days ago, takes 1.4 s` */
export const describeProof = ({ atMs, durationMs }: DrillRecord, nowMs: number): string =>
	`proven restorable ${formatRelative(atMs, nowMs)}, takes ${(Math.max(durationMs, 100) / 1_000).toFixed(1)} s`;
