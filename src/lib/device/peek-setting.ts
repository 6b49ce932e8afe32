/**
 * One setting of this browser, read without the library that writes it: before the first notes are shown
 * there is no time to load that. Undefined when it is absent; rejects when it cannot be read, for that
 * says nothing about what is there.
 */
export const peekSetting = async (databaseName: string, key: string): Promise<unknown> => {
	const database = await openExisting(databaseName);
	if (!database) return undefined;
	try {
		const stored = await answer(database.transaction('settings').objectStore('settings').get(key));
		return isSetting(stored) ? stored.value : undefined;
	} finally {
		database.close();
	}
};

/** Null when there is none: asking must not make one. */
const openExisting = async (name: string): Promise<IDBDatabase | null> => {
	const request = indexedDB.open(name);
	let isAbsent = false;
	request.onupgradeneeded = () => {
		isAbsent = true;
		request.transaction?.abort();
	};
	return answer(request).catch((thrown: unknown) => {
		if (isAbsent) return null;
		throw thrown;
	});
};

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new Error('IndexedDB gave no reason'));
	});

const isSetting = (stored: unknown): stored is { readonly value: unknown } =>
	typeof stored === 'object' && stored !== null && 'value' in stored;
