import { formatBytes, mebibyte } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { formatFull, formatRelative } from '$lib/shared/relative-time';
import type { OutsideCare } from './outside-care';

export interface StorageFacts {
	readonly nowMs: number;
	/** Null where the browser or a store cannot tell. */
	readonly persisted: boolean | null;
	readonly freeBytes: number | null;
	readonly databaseBytes: number | null;
	readonly freeableBytes: number | null;
	readonly notes: number | null;
	readonly backups: number | null;
	/** What is known to lie outside this browser. */
	readonly outside: Pick<OutsideCare, 'goals' | 'newestAtMs'> | null;
}

export type StorageAction = 'free-space' | 'copy-outside' | 'persist' | 'compact' | 'none';

export interface StorageAdvice {
	readonly action: StorageAction;
	readonly text: string;
}

const emptyShare = 0.25;

/** The one thing that would make the notes safer or the space larger, the most urgent first. */
export const nextStorageAction = (facts: StorageFacts): StorageAdvice => {
	const { nowMs, persisted, freeBytes, databaseBytes, freeableBytes, outside } = facts;
	if (freeBytes !== null && databaseBytes !== null && freeBytes < 2 * databaseBytes) {
		const text = `By the browser’s estimate only ${formatBytes(Math.max(freeBytes, 0))} are free: a restore may not fit. Reduce what is largest below, or free space on this device.`;
		return { action: 'free-space', text };
	}
	if (facts.notes !== 0 && outside !== null && !hasFreshCopy(outside)) {
		const { newestAtMs } = outside;
		const when =
			newestAtMs === null
				? 'No copy outside this browser is known.'
				: `The newest copy outside this browser holds the notes of ${formatRelative(newestAtMs, nowMs)}.`;
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

const hasFreshCopy = ({ goals }: Pick<OutsideCare, 'goals'>): boolean =>
	goals.some(({ id, have }) => id === 'outside' && have > 0);

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
		left: describeLeft(facts)
	};
};

const describeLeft = ({ outside, nowMs }: StorageFacts): string => {
	if (outside === null) {
		return 'What lies outside could not be read. Clear nothing before you have seen a copy of your own.';
	}
	return outside.newestAtMs === null
		? 'Nothing is known to lie outside: the notes would be gone for good.'
		: `A backup with the notes of ${formatFull(outside.newestAtMs, nowMs)} lies outside, as far as this app knows. What you wrote since then would be gone.`;
};
