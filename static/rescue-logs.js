// The log of this browser, read past the app: it lies in IndexedDB, so that a broken notebook leaves it alone.

const databaseName = 'ai-notes-device';

/** Opens the database only when it is there: asking for a missing one would make it. */
const openDevice = () =>
	new Promise((resolve, reject) => {
		const request = indexedDB.open(databaseName);
		request.onupgradeneeded = () => request.transaction.abort();
		request.onsuccess = () => resolve(request.result);
		request.onerror = () =>
			request.error?.name === 'AbortError' ? resolve(null) : reject(request.error);
		request.onblocked = () => reject(new Error('another tab holds it; close the other tabs'));
	});

const readAll = (database, store) =>
	new Promise((resolve, reject) => {
		if (!database.objectStoreNames.contains(store)) return resolve([]);
		const request = database.transaction(store).objectStore(store).getAll();
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});

/** The last lines of a page that went before they were written: the next start of the app takes them in. */
const readTail = () => {
	try {
		const lines = JSON.parse(localStorage.getItem('ai-notes-log-tail') ?? '[]');
		return Array.isArray(lines) ? lines : [];
	} catch {
		return [];
	}
};

const unpack = async (gzip) => {
	const stream = new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip'));
	return (await new Response(stream).text()).split('\n').filter((line) => line !== '');
};

const timeOf = (line) => {
	try {
		return JSON.parse(line).timeMs ?? 0;
	} catch {
		return 0;
	}
};

/**
 * Every line, oldest first, as JSON. What cannot be read is named in `unreadable`; the rest is given all
 * the same.
 */
export const readLogs = async () => {
	const lines = readTail().map((line) => JSON.stringify(line));
	const unreadable = [];
	const database = await openDevice();
	try {
		if (database) await readDevice(database, lines, unreadable);
	} finally {
		database?.close();
	}
	const timed = lines.map((line) => ({ line, timeMs: timeOf(line) }));
	timed.sort((a, b) => a.timeMs - b.timeMs);
	return { lines: timed.map(({ line }) => line), unreadable };
};

const readDevice = async (database, lines, unreadable) => {
	for (const line of await readAll(database, 'logs')) lines.push(JSON.stringify(line));
	for (const { id, gzip } of await readAll(database, 'logFiles')) {
		try {
			for (const line of await unpack(gzip)) lines.push(line);
		} catch {
			unreadable.push(String(id));
		}
	}
};
