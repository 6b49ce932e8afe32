import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadWith, openBackups, backUpNow } from './support/backups';
import { expectAccessible } from './support/axe';
import { manage } from './support/manage';
import { waitForNotebook, writeNote } from './support/notes';
import { waitForServiceWorker, waitUntilOfflineReady } from './support/service-worker';
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
	// What is still on its way would be stored again behind the removal.
	await waitUntilOfflineReady(page);
	await page.goto(`${app.url}rescue.html`);
	const models = async (): Promise<number> =>
		page.evaluate(
			async () => (await caches.keys()).filter((name) => name === 'ai-notes-models').length
		);
	const before = await models();
	await page.getByRole('button', { name: 'Remove the stored app' }).click();
	await expect(page.getByText('Removed. Open AI Notes again')).toBeVisible();
	expect(await models()).toBe(before);
	await page.getByRole('button', { name: 'Remove the stored models' }).click();
	await expect(page.getByText('Removed. They are loaded again')).toBeVisible();
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
	await page.reload();
	await expect(
		page.getByRole('row').filter({ hasText: 'Notebook database' }).first()
	).toBeVisible();
});

/** A copy of the built app in which no script of the app gets beyond its first line. */
const buildBroken = (): string => {
	const root = mkdtempSync(join(tmpdir(), 'ai-notes-broken-'));
	cpSync('build', root, { recursive: true });
	const scripts = readdirSync(join(root, '_app'), { recursive: true, encoding: 'utf8' });
	for (const name of scripts.filter((path) => path.endsWith('.js'))) {
		writeFileSync(join(root, '_app', name), 'throw new Error("this script is broken");');
	}
	return root;
};

test('with every script of the app broken, notebook, backups and log still come out', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Worth rescuing', 'The only copy of what I know.');
	await openBackups(page, app.url);
	await backUpNow(page);
	// Puts the lines so far into a packed part.
	await manage(page, 'rotate_logs');
	await page.goto(`${app.url}rescue.html`);
	await page.getByRole('button', { name: 'Remove the stored app' }).click();
	await expect(page.getByText('Removed. Open AI Notes again')).toBeVisible();

	const broken = buildBroken();
	app.server.useRoot(broken);
	app.allow(/this script is broken/);
	const cdp = await app.cdp();
	await cdp.send('Network.enable');
	await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
	await app.open();
	await expect(page.getByText('AI Notes has not started')).toBeVisible();
	await expectAccessible(page, 'an app that does not start');
	await page.getByRole('link', { name: 'Rescue page' }).click();
	for (const row of [/Notebook database/, /ai-notes-\d+T\d+Z\.sqlite3/]) {
		const file = page.getByRole('row').filter({ hasText: row }).first();
		const { bytes } = await downloadWith(page, async () =>
			file.getByRole('button', { name: /^Download .*\.sqlite3$/ }).click()
		);
		expect(bytes.includes('The only copy of what I know.')).toBe(true);
	}
	const log = await downloadWith(page, async () =>
		page.getByRole('button', { name: 'Download the log' }).click()
	);
	expect(log.name).toMatch(/^ai-notes-log-\d{8}T\d{6}Z\.jsonl$/);
	const lines = log.bytes.toString().trimEnd().split('\n');
	const entries = lines.map((line) => JSON.parse(line) as { area: string; message: string });
	expect(entries).toContainEqual(expect.objectContaining({ area: 'backup', message: 'backup' }));
	expect(log.bytes.includes('Worth rescuing')).toBe(false);

	await page.getByRole('button', { name: 'Make the report' }).click();
	await expect(page.getByRole('region', { name: 'The report' })).toContainText('userAgent');
	await expectAccessible(page, 'the report of the rescue page');
	const report = await downloadWith(page, async () =>
		page.getByRole('button', { name: 'Download the report' }).click()
	);
	expect(report.name).toMatch(/^ai-notes-rescue-report-\d{8}T\d{6}Z\.json$/);
	const facts = JSON.parse(report.bytes.toString()) as Record<string, unknown>;
	expect(facts).toMatchObject({
		packages: expect.arrayContaining([expect.objectContaining({ name: 'svelte' })]) as unknown,
		browser: { isolated: expect.any(Boolean) as unknown },
		storage: { persisted: expect.any(Boolean) as unknown },
		files: expect.arrayContaining([
			expect.objectContaining({ pageSize: 8192, schemaVersion: expect.any(Number) as unknown })
		]) as unknown,
		log: expect.arrayContaining([expect.objectContaining({ message: 'backup' })]) as unknown
	});
	expect(JSON.stringify(facts)).not.toContain('notAvailable');
	expect(report.bytes.includes('Worth rescuing')).toBe(false);
	expect(report.bytes.includes('The only copy')).toBe(false);
	rmSync(broken, { recursive: true });
});
