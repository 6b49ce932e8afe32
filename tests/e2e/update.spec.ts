import { readFileSync, rmSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { manage, type HealthData } from './support/manage';
import { buildNextVersion } from './support/next-version';
import { bodyField, openNote, startNote, waitForNotebook, writeNote } from './support/notes';
import { waitForServiceWorker } from './support/service-worker';
import { expect, test as base } from './support/test';

const test = base.extend<object, { nextVersion: string }>({
	nextVersion: [
		async ({ browserName: _ }, use) => {
			const folder = await buildNextVersion();
			await use(folder);
			rmSync(folder, { recursive: true });
		},
		{ scope: 'worker' }
	]
});

const lookForUpdate = async (page: Page): Promise<void> =>
	page.evaluate(async () => {
		await (await navigator.serviceWorker.ready).update();
	});

/** What health finds of the service worker, asked as a user would. */
const offlineCopy = async (page: Page) =>
	(await manage<HealthData>(page, 'health_check --verbose')).checks.find(
		({ id }) => id === 'service-worker'
	);

const versionMark = (page: Page) => page.locator('meta[name=version]');
const updateButton = (page: Page) => page.getByRole('button', { name: 'Update now' });

test('an update asks first, health tells that one waits, and what was typed a moment before is there after it', async ({
	app,
	nextVersion
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await waitForServiceWorker(page);
	await writeNote(page, 'Before the update', 'First words.');
	app.server.useRoot(nextVersion);
	await lookForUpdate(page);
	await expect(updateButton(page)).toBeVisible();
	// Nothing happened by itself, and the old version goes on working.
	await expect(versionMark(page)).toHaveCount(0);
	await page.reload();
	await expect(updateButton(page)).toBeVisible();
	await expect(versionMark(page)).toHaveCount(0);
	expect(await offlineCopy(page)).toMatchObject({
		status: 'warning',
		value: 'a newer version waits',
		fix: 'update-app'
	});

	await startNote(page, 'During the update', 'Words that nobody has saved yet.');
	await updateButton(page).click();
	await expect(versionMark(page)).toHaveCount(1);
	await waitForNotebook(page);
	await openNote(page, 'Before the update');
	await openNote(page, 'During the update');
	await expect(bodyField(page)).toContainText('Words that nobody has saved yet.');
	await expect(updateButton(page)).toHaveCount(0);
	expect(await offlineCopy(page)).toMatchObject({ status: 'ok', value: 'current' });
});

test('all open tabs change to the new version together', async ({ app, nextVersion }) => {
	const page = await app.open();
	await waitForNotebook(page);
	await waitForServiceWorker(page);
	const second = await app.newPage();
	app.server.useRoot(nextVersion);
	await lookForUpdate(page);
	await updateButton(page).click();
	await expect(versionMark(page)).toHaveCount(1);
	await expect(versionMark(second)).toHaveCount(1);
});

test('a tab that does not answer postpones the update, and nothing is lost', async ({
	app,
	nextVersion
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await waitForServiceWorker(page);
	const silent = await app.newPage('rescue.html');
	const cdp = await app.cdp(silent);
	await cdp.send('Emulation.setScriptExecutionDisabled', { value: true });
	await silent.goto(app.url);
	app.server.useRoot(nextVersion);
	await lookForUpdate(page);
	await startNote(page, 'Kept', 'Still here.');
	await updateButton(page).click();
	await expect(page.getByText(/another tab/i)).toBeVisible();
	await expect(versionMark(page)).toHaveCount(0);
	await expect(bodyField(page)).toContainText('Still here.');

	await silent.close();
	await updateButton(page).click();
	await expect(versionMark(page)).toHaveCount(1);
	await openNote(page, 'Kept');
});

test('About names what is in the app, at once without the host, and looks for a new version', async ({
	app,
	nextVersion
}) => {
	const page = await app.open('about/');
	await manage(page, 'version');
	await app.stopServer();
	const built = JSON.parse(readFileSync('build/dependencies.json', 'utf8')) as { name: string }[];
	const told = await manage<{ dependencies: unknown; transformers: string }>(page, 'version');
	expect(told.dependencies).toEqual(built);
	expect(told.transformers).toMatch(/^\d+\.\d+\.\d+$/);
	const names = built.map(({ name }) => name);
	expect(names).toEqual(expect.arrayContaining(['svelte', 'dexie', 'workbox-precaching']));
	expect(names).not.toContain('vite');
	await expect(page.getByRole('table', { name: 'Packages' }).getByRole('row')).toHaveCount(
		built.length + 1
	);
	await page.getByLabel('Search packages').fill('sqlite');
	await expect(page.getByRole('cell', { name: '@sqlite.org/sqlite-wasm' })).toBeVisible();
	await expect(
		page.getByRole('listitem').filter({ hasText: 'Backups that are read back' })
	).toBeVisible();

	await app.startServer();
	await page.reload(); // what a first visit keeps for offline use was cut off
	await waitForServiceWorker(page);
	const look = page.getByRole('button', { name: 'Look for a new version' });
	await look.click();
	await expect(page.getByText('This is the newest version that the host has.')).toBeVisible();
	const download = page.waitForEvent('download');
	await page.getByRole('link', { name: /Bill of materials/ }).click();
	const sbom = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as object;
	expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', components: expect.any(Array) });

	app.server.useRoot(nextVersion);
	await look.click();
	await expect(updateButton(page)).toBeVisible();
	await page.getByRole('button', { name: 'Later' }).click();
	await expect(updateButton(page)).toHaveCount(0);
	await page.getByRole('button', { name: 'Show the update' }).click();
	await updateButton(page).click();
	await expect(versionMark(page)).toHaveCount(1);
});
