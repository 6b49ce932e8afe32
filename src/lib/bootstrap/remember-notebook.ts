import type { DeviceStore } from './device-store';
import type { SessionDeps } from '$lib/services/session-service';

/**
 * That there is a notebook in this browser, noted in two places: an eviction takes IndexedDB together
 * with the files, while localStorage often stays. An app that has forgotten would welcome a new user.
 */
export const createMemory = (
	notebook: string,
	{ peek, settings }: Pick<DeviceStore, 'peek' | 'settings'>
): Pick<SessionDeps, 'remembered' | 'remember'> => {
	const key = `notebook:${notebook}`;
	const storageKey = `ai-notes:${key}`;
	return {
		async remembered() {
			return readFlag(storageKey) || (await peek(key).catch(unknown)) === true;
		},
		async remember() {
			writeFlag(storageKey);
			await settings.set(key, true);
		}
	};
};

/** What cannot be read may well say yes: an empty notebook is made only where there was surely none. */
const unknown = (): true => true;

const readFlag = (key: string): boolean => {
	try {
		return localStorage.getItem(key) === 'yes';
	} catch {
		return false; // refused by a policy: the other place still counts
	}
};

const writeFlag = (key: string): void => {
	try {
		localStorage.setItem(key, 'yes');
	} catch {
		// As above.
	}
};
