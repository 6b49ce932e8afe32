import { readFileSync } from 'node:fs';
import { waitForNotebook, writeNote } from './support/notes';
import { waitForServiceWorker } from './support/service-worker';
import { expect, test } from './support/test';

test('the rescue page hands out the notebook without the app', async ({ app }) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Worth rescuing', 'The only copy of what I know.');
	await page.goto(`${app.url}rescue.html`);
	const row = page.getByRole('row').filter({ hasText: 'Notebook database' }).first();
	await expect(row).toBeVisible();
	const download = page.waitForEvent('download');
	await row.getByRole('button', { name: /^Download .*\.sqlite3$/ }).click();
	const bytes = readFileSync(await (await download).path());
	expect(bytes.subarray(0, 16).toString('latin1')).toBe('SQLite format 3\0');
	expect(bytes.includes('The only copy of what I know.')).toBe(true);
	// Looking changed nothing.
	await app.open();
	await expect(page.getByText('Worth rescuing').first()).toBeVisible();
});

test('the stored app can be removed, and the notes stay', async ({ app }) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Still here', 'Notes are not part of the stored app.');
	await waitForServiceWorker(page);
	await page.goto(`${app.url}rescue.html`);
	await page.getByRole('button', { name: 'Remove the stored app' }).click();
	await expect(page.getByText('Removed.')).toBeVisible();
	const left = await page.evaluate(async () => {
		const registrations = await navigator.serviceWorker.getRegistrations();
		return [registrations.length, ...(await caches.keys())];
	});
	expect(left).toEqual([0]);
	await app.open();
	await expect(page.getByText('Still here').first()).toBeVisible();
});

test('the rescue page works without a network, and where there are no files says so', async ({
	app
}) => {
	const page = await app.open('rescue.html');
	await expect(page.getByRole('status').first()).toHaveText(/keeps no files/);
	await app.open();
	await waitForNotebook(page);
	await waitForServiceWorker(page);
	await page.goto(`${app.url}rescue.html`);
	await app.stopServer();
	app.allow(/ERR_CONNECTION_REFUSED/);
	await page.reload();
	await expect(
		page.getByRole('row').filter({ hasText: 'Notebook database' }).first()
	).toBeVisible();
});
