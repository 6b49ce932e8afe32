import { dayMs } from '$lib/shared/time';
import { compareByAge, newestVerified, type BackupKind, type BackupManifest } from './backup';

export const defaultKeep = 10;
const restorePointsToKeep = 3;
const restorePointLifeMs = 30 * dayMs;

export interface RotationPlan {
	/** Nothing goes while a shrunken snapshot waits for the user's answer. */
	readonly frozen: boolean;
	readonly deleted: readonly string[];
	readonly kept: readonly string[];
}

/**
 * Which backups go. Call it only after a backup was made and verified.
 *
 * [Note: What rotates] Backups made by the schedule and backups made by hand are two pools, each with
 * its newest `keep`: "after an 11th verified automatic backup exactly the oldest unpinned automatic one
 * goes" (PRODUCT.md) holds whatever was made by hand, and `backup_database` typed eleven times leaves
 * ten, as in the server version. Pinned, quarantined and unverified ones neither count nor go. Restore
 * points go when there are three newer ones and they are 30 days old: a row of hasty restores must not
 * push out the state before the first. The newest verified one never goes.
 */
export const planRotation = (
	backups: readonly BackupManifest[],
	options: { readonly keep: number; readonly nowMs: number }
): RotationPlan => {
	const frozen = backups.some(({ kind }) => kind === 'quarantined');
	const keep = Math.max(1, Math.floor(options.keep));
	const beyond = (kind: BackupKind, count: number): BackupManifest[] =>
		backups
			.filter((backup) => backup.kind === kind && backup.verified && !backup.pinned)
			.toSorted(compareByAge)
			.slice(count);
	const oldPoints = beyond('restore-point', restorePointsToKeep).filter(
		({ createdAtMs }) => options.nowMs - createdAtMs >= restorePointLifeMs
	);
	const newest = newestVerified(backups)?.name;
	const going = [...beyond('automatic', keep), ...beyond('manual', keep), ...oldPoints];
	const deleted = frozen ? [] : going.map(({ name }) => name).filter((name) => name !== newest);
	const kept = backups.map(({ name }) => name).filter((name) => !deleted.includes(name));
	return { frozen, deleted, kept };
};
