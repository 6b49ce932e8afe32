import { formatExact, formatRelative } from '$lib/shared/relative-time';
import { dayMs } from '$lib/shared/time';
import { newestVerified, type BackupList, type BackupManifest } from './backup';
import { isUsable, newestCopy, type OutsideCopy } from './outside-copy';

/** Without a copy outside for this long the app warns. */
export const outsideLateMs = 7 * dayMs;

/**
 * Up to when the notes inside are known to be those of the notebook: when its backup was made, or when
 * the newest backup here was, if that has the same notes. So notes that nobody changed do not warn while
 * backups go on and prove it; when no backup proves it for seven days, they do.
 */
export const currentAt = (copy: OutsideCopy, newest: BackupManifest | null): number => {
	const same =
		newest !== null && newest.contentHash !== '' && newest.contentHash === copy.contentHash;
	return same ? Math.max(copy.backupAtMs, newest.createdAtMs) : copy.backupAtMs;
};

/** Where outside a copy lies. Two files in one place are lost together. */
const placeOf = ({ way, folderId, place }: OutsideCopy): string =>
	way === 'folder' ? `folder ${folderId ?? place}` : way;

export interface CareGoal {
	readonly id: 'copies' | 'places' | 'outside';
	readonly title: string;
	readonly have: number;
	readonly want: number;
}

/** 3 copies, 2 places, 1 outside: counted from what is on record, the notebook itself included. */
export interface OutsideCare {
	readonly goals: readonly CareGoal[];
	readonly met: boolean;
	/** The usable copy of the newest notes, however old. */
	readonly newest: OutsideCopy | null;
	/** Up to when that one is current. */
	readonly newestAtMs: number | null;
	readonly next: string;
}

export interface CareFacts {
	readonly copies: readonly OutsideCopy[];
	readonly backups: readonly BackupManifest[];
	readonly nowMs: number;
}

/** Outside copies older than seven days do not count: they would bring back another notebook. */
export const judgeCare = ({ copies, backups, nowMs }: CareFacts): OutsideCare => {
	const here = newestVerified(backups);
	const fresh = copies.filter(
		(copy) => isUsable(copy) && nowMs - currentAt(copy, here) < outsideLateMs
	);
	const outside = new Set(fresh.map(placeOf)).size;
	const newest = newestCopy(copies);
	const goals: readonly CareGoal[] = [
		{ id: 'copies', title: 'copies', have: 1 + Number(here !== null) + outside, want: 3 },
		{ id: 'places', title: 'places', have: 1 + outside, want: 2 },
		{ id: 'outside', title: 'outside this browser', have: outside, want: 1 }
	];
	const newestAtMs = newest && currentAt(newest, here);
	return {
		goals,
		met: goals.every(({ have, want }) => have >= want),
		newest,
		newestAtMs,
		next: nextStep(here, outside, newestAtMs, nowMs)
	};
};

const nextStep = (
	here: BackupManifest | null,
	outside: number,
	newestAtMs: number | null,
	nowMs: number
): string => {
	if (!here) return 'Back up now; then let a copy of that backup leave this browser.';
	if (outside > 0) {
		return outside === 1
			? 'One place outside is enough for the rule. A second one, such as a stick in a drawer, survives the loss of this device too.'
			: 'Nothing to do. Check one of the files now and then: that it is still there and whole.';
	}
	if (newestAtMs === null) {
		return 'Download the newest backup, or choose a folder to which each new backup is copied by itself.';
	}
	const todo =
		nowMs - here.createdAtMs < outsideLateMs
			? 'Download the newest backup.'
			: 'Back up now, then download that backup.';
	return `The newest copy outside holds the notes of ${formatExact(newestAtMs, nowMs)} (${formatRelative(newestAtMs, nowMs)}). ${todo}`;
};

/**
 * Of the automatic ones that our folder holds: those beyond the number to keep, oldest last made first
 * out. What is still kept here stays there too, whatever its age; none goes while rotation is frozen.
 */
export const copiesToRotate = (
	copies: readonly OutsideCopy[],
	folderId: string,
	{ keep, frozen, backups }: BackupList
): readonly OutsideCopy[] => {
	const keptHere = new Map(backups.map(({ name, pinned }) => [name, pinned]));
	return copies
		.filter(
			(copy) =>
				copy.way === 'folder' &&
				copy.folderId === folderId &&
				copy.kind === 'automatic' &&
				copy.removedAtMs === null &&
				keptHere.get(copy.name) !== true
		)
		.toSorted((a, b) => b.backupAtMs - a.backupAtMs || b.id - a.id)
		.slice(Math.max(keep, 1))
		.filter(({ name }) => !frozen && !keptHere.has(name));
};
