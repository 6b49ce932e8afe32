declare const self: ServiceWorkerGlobalScope;

const tag = 'ai-notes-reminder';
const database = 'ai-notes-device';
const overdueMs = 48 * 60 * 60 * 1_000;

interface PeriodicSyncEvent extends ExtendableEvent {
	readonly tag: string;
}

/**
 * The browser wakes this worker now and then, where it was asked to. It cannot open the notebook, so
 * it can only remind: the app backs up when it is opened.
 */
export const remindOfOverdue = (): void => {
	// TypeScript's library does not know this event yet.
	self.addEventListener('periodicsync' as 'message', (event: ExtendableEvent) => {
		if ((event as PeriodicSyncEvent).tag === tag) event.waitUntil(remind());
	});
	self.addEventListener('notificationclick', (event) => {
		event.notification.close();
		event.waitUntil(openSchedule());
	});
};

const remind = async (): Promise<void> => {
	const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
	if (windows.length > 0) return; // the open app looks after itself
	const backedUpMs = await readLastBackup();
	if (backedUpMs === null || Date.now() - backedUpMs < overdueMs) return;
	await self.registration.showNotification('A backup is overdue', {
		body: 'Open AI Notes: it makes one by itself.',
		icon: 'icons/icon-192.png',
		tag
	});
};

const openSchedule = async (): Promise<void> => {
	const address = new URL('maintenance/schedule/', self.registration.scope).href;
	const [open] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
	if (open) await open.focus();
	else await self.clients.openWindow(address);
};

interface StoredTask {
	readonly record: { readonly sinceMs: number; readonly lastOkMs: number | null };
}

/** When the schedule last backed up, or was first looked after; null where nothing is known. */
const readLastBackup = async (): Promise<number | null> => {
	const known = await indexedDB.databases();
	// Opening a database that is not there would make an empty one.
	if (!known.some(({ name }) => name === database)) return null;
	const opened = await settled(indexedDB.open(database));
	try {
		if (!opened.objectStoreNames.contains('tasks')) return null;
		const store = opened.transaction('tasks').objectStore('tasks');
		const task = (await settled(store.get('backup'))) as StoredTask | undefined;
		return task ? (task.record.lastOkMs ?? task.record.sinceMs) : null;
	} finally {
		opened.close();
	}
};

const settled = async <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new Error('not read'));
	});
