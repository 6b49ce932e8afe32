import type { LastCopy, NewCopy } from '$lib/domain/outside-copy';

const storageKey = 'ai-notes:last-copy';

/**
 * The last copy that left, in localStorage: an eviction takes the ledger together with the notebook's
 * files, and just then its name is wanted.
 */
export const rememberLastCopy = ({ name, way, place, leftAtMs, notes }: NewCopy): void => {
	const last: LastCopy = { name, way, place, leftAtMs, notes };
	try {
		localStorage.setItem(storageKey, JSON.stringify(last));
	} catch {
		// Refused by a policy: the ledger still has it.
	}
};

/** Null when none is remembered, or what lies there is not ours. */
export const readLastCopy = (): LastCopy | null => {
	try {
		const value = JSON.parse(
			localStorage.getItem(storageKey) ?? 'null'
		) as Partial<LastCopy> | null;
		const isOurs = typeof value?.name === 'string' && typeof value.leftAtMs === 'number';
		return isOurs ? (value as LastCopy) : null;
	} catch {
		return null;
	}
};
