import { formatBytes, mebibyte } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { formatFull, formatRelative } from '$lib/shared/relative-time';
import { dayMs } from '$lib/shared/time';

export interface StorageFacts {
	readonly nowMs: number;
	/** Null where the browser or a store cannot tell. */
	readonly persisted: boolean | null;
	readonly freeBytes: number | null;
	readonly databaseBytes: number | null;
	readonly freeableBytes: number | null;
	readonly notes: number | null;
	readonly backups: number | null;
	/** When the newest backup that is known to lie outside this browser was made; null for none. */
	readonly newestOutsideMs: number | null;
}

export type StorageAction = 'free-space' | 'copy-outside' | 'persist' | 'compact' | 'none';

export interface StorageAdvice {
	readonly action: StorageAction;
	readonly text: string;
}

const lateMs = 7 * dayMs;
const emptyShare = 0.25;

/** The one thing that would make the notes safer or the space larger, the most urgent first. */
export const nextStorageAction = (facts: StorageFacts): StorageAdvice => {
	const { nowMs, persisted, freeBytes, databaseBytes, freeableBytes, newestOutsideMs } = facts;
	if (freeBytes !== null && databaseBytes !== null && freeBytes < 2 * databaseBytes) {
		const text = `Only ${formatBytes(Math.max(freeBytes, 0))} are free: a restore may not fit. Reduce what is largest below, or free space on this device.`;
		return { action: 'free-space', text };
	}
	if (facts.notes !== 0 && (newestOutsideMs === null || nowMs - newestOutsideMs > lateMs)) {
		const when =
			newestOutsideMs === null
				? 'No copy outside this browser is known.'
				: `The newest copy outside this browser was made ${formatRelative(newestOutsideMs, nowMs)}.`;
		return { action: 'copy-outside', text: `${when} Download a backup, or copy it to a folder.` };
	}
	if (persisted === false) {
		const text =
			'The browser may remove everything when the disk is nearly full. Ask it to keep the data.';
		return { action: 'persist', text };
	}
	if (freeableBytes !== null && databaseBytes !== null && isWorthCompacting(facts)) {
		const text = `Up to ${formatBytes(freeableBytes)} of the notebook’s file are empty. Compact it.`;
		return { action: 'compact', text };
	}
	return { action: 'none', text: 'Nothing needs to be done.' };
};

const isWorthCompacting = ({ freeableBytes, databaseBytes }: StorageFacts): boolean =>
	(freeableBytes ?? 0) > mebibyte && (freeableBytes ?? 0) > (databaseBytes ?? 0) * emptyShare;

/** What would be gone if somebody cleared the data of this site, and what would not. */
export const describeClearing = (
	facts: StorageFacts
): { readonly lost: readonly string[]; readonly left: string } => {
	const count = (value: number | null, one: string): string =>
		value === null ? `all ${one}s` : plural(value, one);
	return {
		lost: [
			`${count(facts.notes, 'note')}, with tags, trash and vectors`,
			`${count(facts.backups, 'backup')} kept in this browser`,
			'the models, the log, the schedule and the settings'
		],
		left:
			facts.newestOutsideMs === null
				? 'Nothing is known to lie outside: the notes would be gone for good.'
				: `A backup made ${formatFull(facts.newestOutsideMs, facts.nowMs)} lies outside, as far as this app knows. What you wrote since then would be gone.`
	};
};
