import type { Page } from '@playwright/test';
import { waitUntilIndexed } from './support/index-state';
import { manage } from './support/manage';
import { waitForNotebook, writeNote } from './support/notes';
import { waitForServiceWorker } from './support/service-worker';
import { expect, test } from './support/test';

interface Task {
	readonly id: string;
	readonly enabled: boolean;
	readonly due: string | null;
	readonly lastRun: string | null;
	readonly lastResult: string | null;
	readonly skippedBecause: string | null;
	readonly overdue: boolean;
}

const readTasks = async (page: Page): Promise<readonly Task[]> =>
	(await manage<{ tasks: readonly Task[] }>(page, 'schedule')).tasks;

const readTask = async (page: Page, id: string): Promise<Task> => {
	const found = (await readTasks(page)).find((task) => task.id === id);
	if (!found) throw new Error(`no task ${id}`);
	return found;
};

/** As if the app had last been open so many days ago. */
const comeBackAfter = async (page: Page, days: number): Promise<void> => {
	// The app makes its store a moment after the start, and asking for the tasks writes down since when.
	await readTasks(page);
	await page.evaluate(async (backMs) => {
		const opening = indexedDB.open('ai-notes-device');
		const database = await new Promise<IDBDatabase>((resolve) => {
			opening.onsuccess = () => resolve(opening.result);
		});
		const transaction = database.transaction('tasks', 'readwrite');
		const tasks = transaction.objectStore('tasks');
		const request = tasks.getAll();
		request.onsuccess = () => {
			for (const task of request.result as { record: { sinceMs: number } }[]) {
				tasks.put({ ...task, record: { ...task.record, sinceMs: Date.now() - backMs } });
			}
		};
		await new Promise((resolve) => (transaction.oncomplete = resolve));
		database.close();
	}, days * 86_400_000);
};

test('what was missed is caught up once after the start, as soon as nobody types, in one of two tabs', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Bicycle', 'Patch the tube.');
	// A model that is still being loaded would be given up: the clock below runs too fast for it.
	await waitUntilIndexed(page);
	expect((await readTasks(page)).every(({ overdue }) => !overdue)).toBe(true);
	await comeBackAfter(page, 90);

	// The clock of the page stands in for the time in which nobody types. It may not run so fast that a
	// call to the database is given up before it is answered.
	await page.clock.install();
	await page.reload();
	await waitForNotebook(page);
	const second = await app.newPage();
	await expect
		.poll(async () => (await readTask(page, 'backup')).skippedBecause)
		.toBe('waits until you pause');
	await expect
		.poll(
			async () => {
				await page.clock.fastForward(5_000);
				return (await readTasks(page)).filter(({ overdue }) => overdue).map(({ id }) => id);
			},
			{ timeout: 150_000, intervals: [500] }
		)
		.toEqual([]);
	const tasks = await readTasks(page);
	const order = tasks.toSorted((a, b) => (a.lastRun ?? '').localeCompare(b.lastRun ?? ''));
	const ids = order.map(({ id }) => id).filter((id) => ['backup', 'check', 'embed'].includes(id));
	expect(ids).toEqual(['backup', 'check', 'embed']);
	expect(tasks.filter(({ lastResult }) => lastResult === 'failed')).toEqual([]);
	const { backups } = await manage<{ backups: { kind: string; verified: boolean }[] }>(
		page,
		'list_backups'
	);
	expect(backups).toMatchObject([{ kind: 'automatic', verified: true }]);
	await second.close();
});

test('the schedule page runs, changes and turns off a task', async ({ app }) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Bicycle', 'Patch the tube.');
	await page.goto(`${app.url}maintenance/schedule/`);
	await expect(page.getByText('Nothing is overdue.')).toBeVisible();
	const backup = page.getByRole('listitem').filter({ hasText: 'Back up' });
	await expect(backup).toContainText('Daily at 02:00');
	await backup.getByRole('button', { name: 'Run now: Back up' }).click();
	await expect(backup).toContainText(/ai-notes-.*\.sqlite3, 1 note,/);

	await backup.getByRole('button', { name: 'Change: Back up' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByText('Weekly').click();
	await dialog.getByLabel('Day of the week').selectOption('Friday');
	await dialog.getByLabel('Time').fill('18:15');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(backup).toContainText('Fridays at 18:15');
	await backup.getByRole('button', { name: 'Change: Back up' }).click();
	await dialog.getByLabel('Turned on').uncheck();
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(backup.getByText('off', { exact: true })).toBeVisible();
	await page.reload();
	await expect(backup).toContainText('Fridays at 18:15');
	expect(await readTask(page, 'backup')).toMatchObject({ enabled: false, due: null });
	await manage(page, 'enable_task backup');
	expect(await readTask(page, 'backup')).toMatchObject({ enabled: true });
	const { data } = await page.evaluate(async () => window.manage('run_task lunch'));
	expect(data).toMatchObject({ error: { code: 'input-invalid' } });
});

test('a browser that wakes the app reminds of an overdue backup, and only when no page is open', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await waitForServiceWorker(page);
	await comeBackAfter(page, 3);
	await app.context.grantPermissions(['notifications'], { origin: app.url.replace(/\/$/, '') });
	const worker =
		app.context.serviceWorkers()[0] ?? (await app.context.waitForEvent('serviceworker'));
	const wake = async (): Promise<string[]> =>
		worker.evaluate(async () => {
			const scope = self as unknown as ServiceWorkerGlobalScope;
			const waits: Promise<unknown>[] = [];
			const event = Object.assign(new Event('periodicsync'), {
				tag: 'ai-notes-reminder',
				waitUntil: (work: Promise<unknown>) => waits.push(work)
			});
			scope.dispatchEvent(event);
			await Promise.all(waits);
			return (await scope.registration.getNotifications()).map(({ title }) => title);
		});
	expect(await wake()).toEqual([]);
	await page.goto('about:blank');
	await expect.poll(wake).toEqual(['A backup is overdue']);
});
