import { AppError } from '$lib/shared/app-error';
import { dayMs } from '$lib/shared/time';
import { compareByAge, newestVerified, type BackupKind, type BackupManifest } from './backup';
import { onLadder } from './backup-ladder';

export const defaultKeep = 10;
export const mostToKeep = 100;
/** All backups together may take this share of what the browser gives the site. */
export const capShare = 0.2;
const restorePointsToKeep = 3;
const restorePointLifeMs = 30 * dayMs;

/** What the user chose. */
export interface RotationSettings {
	/** Newest verified ones of each pool, automatic and by hand: 1 to 100. */
	readonly keep: number;
	/** Beyond those also one a day, a week and a month: see `onLadder`. */
	readonly ladder: boolean;
}

export const defaultRotation: RotationSettings = { keep: defaultKeep, ladder: false };

/** `number`: newer ones fill the number to keep. `space`: together they take more than their share. */
export type RotationReason = 'number' | 'space';

export const describeRemoval: Readonly<Record<RotationReason, string>> = {
	number: 'newer backups fill the number to keep',
	space: `backups took more than ${capShare * 100} % of this site’s storage`
};

export interface RotationRemoval {
	readonly name: string;
	readonly reason: RotationReason;
}

export interface RotationPlan {
	/** Nothing goes while a shrunken snapshot waits for the user's answer. */
	readonly frozen: boolean;
	readonly removals: readonly RotationRemoval[];
	/** The names of `removals`, newest first, and all the others. */
	readonly deleted: readonly string[];
	readonly kept: readonly string[];
}

/** The last time that rotation took something away. */
export interface RotationRecord {
	readonly atMs: number;
	readonly removals: readonly RotationRemoval[];
}

export interface RotationState extends RotationSettings {
	/** What all backups together may take; null where the browser does not tell its quota. */
	readonly capBytes: number | null;
	readonly last: RotationRecord | null;
}

export interface RotationOptions extends RotationSettings {
	readonly nowMs: number;
	readonly capBytes: number | null;
}

/** Null without a quota: then there is no cap. */
export const toCapBytes = (quotaBytes: number | null): number | null =>
	quotaBytes === null ? null : Math.floor(quotaBytes * capShare);

/** Throws `input-invalid` for a number that rotation cannot keep. */
export const requireKeep = (keep: number): number => {
	if (Number.isInteger(keep) && keep >= 1 && keep <= mostToKeep) return keep;
	const message = `The number of backups to keep must be a whole number from 1 to ${mostToKeep}.`;
	throw new AppError('input-invalid', message);
};

/**
 * Which backups go, and why. Call it only after a backup was made and verified.
 *
 * [Note: What rotates] Backups made by the schedule and backups made by hand are two pools, each with
 * its newest `keep`: "after an 11th verified automatic backup exactly the oldest unpinned automatic one
 * goes" (PRODUCT.md) holds whatever was made by hand, and `backup_database` typed eleven times leaves
 * ten, as in the server version. Pinned, quarantined and unverified ones neither count nor go. Restore
 * points go when there are three newer ones and they are 30 days old: a row of hasty restores must not
 * push out the state before the first. The ladder only keeps more. The cap takes the oldest first, of
 * restore points only those beyond the newest three. The newest verified one never goes.
 */
export const planRotation = (
	backups: readonly BackupManifest[],
	options: RotationOptions
): RotationPlan => {
	const frozen = backups.some(({ kind }) => kind === 'quarantined');
	const newest = newestVerified(backups);
	const byNumber = new Set(beyondNumber(backups, options).filter((backup) => backup !== newest));
	const rest = backups.filter((backup) => !byNumber.has(backup));
	const bySpace = new Set(beyondCap(rest, newest, options.capBytes));
	const reasonOf = (backup: BackupManifest): RotationReason | null =>
		byNumber.has(backup) ? 'number' : bySpace.has(backup) ? 'space' : null;
	const removals = backups.toSorted(compareByAge).flatMap((backup) => {
		const reason = frozen ? null : reasonOf(backup);
		return reason === null ? [] : [{ name: backup.name, reason }];
	});
	const deleted = removals.map(({ name }) => name);
	const kept = backups.map(({ name }) => name).filter((name) => !deleted.includes(name));
	return { frozen, removals, deleted, kept };
};

const pool = (
	backups: readonly BackupManifest[],
	...kinds: readonly BackupKind[]
): BackupManifest[] =>
	backups
		.filter(({ kind, verified, pinned }) => kinds.includes(kind) && verified && !pinned)
		.toSorted(compareByAge);

const beyondNumber = (
	backups: readonly BackupManifest[],
	{ keep, ladder, nowMs }: RotationOptions
): BackupManifest[] => {
	const count = Math.min(Math.max(1, Math.floor(keep)), mostToKeep);
	const rungs = ladder ? onLadder(pool(backups, 'automatic', 'manual')) : null;
	const old = [
		...pool(backups, 'automatic').slice(count),
		...pool(backups, 'manual').slice(count)
	].filter((backup) => !rungs?.has(backup));
	const oldPoints = pool(backups, 'restore-point')
		.slice(restorePointsToKeep)
		.filter(({ createdAtMs }) => nowMs - createdAtMs >= restorePointLifeMs);
	return [...old, ...oldPoints];
};

/** What must stay may be more than the cap. */
const beyondCap = (
	backups: readonly BackupManifest[],
	newest: BackupManifest | null,
	capBytes: number | null
): BackupManifest[] => {
	if (capBytes === null) return [];
	let bytes = backups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	const candidates = [
		...pool(backups, 'automatic', 'manual'),
		...pool(backups, 'restore-point').slice(restorePointsToKeep)
	].toSorted(compareByAge);
	const going: BackupManifest[] = [];
	for (const backup of candidates.toReversed()) {
		if (bytes <= capBytes) break;
		if (backup === newest) continue;
		bytes -= backup.sizeBytes;
		going.push(backup);
	}
	return going;
};
