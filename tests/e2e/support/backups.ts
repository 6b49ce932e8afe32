import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';

export const openBackups = async (page: Page, appUrl: string): Promise<void> => {
	await page.goto(`${appUrl}maintenance/backups/`);
	await expect(page.getByRole('heading', { name: 'Backups', exact: true })).toBeVisible();
	await listShown(page);
};

/** The list is read a moment after the page is there: rows cannot be counted before. */
const listShown = async (page: Page): Promise<void> =>
	expect(
		page.getByRole('table', { name: 'Backups' }).or(page.getByText('No backups yet.')).first()
	).toBeVisible();

/** A row for each backup, newest first. */
export const backupRows = (page: Page): Locator =>
	page
		.getByRole('table', { name: 'Backups' })
		.getByRole('row')
		.filter({ has: page.getByRole('button', { name: /^Restore backup of / }) });

/** Presses the button and waits until the app says that the backup was read back. */
export const backUpNow = async (page: Page): Promise<void> => {
	const rows = await backupRows(page).count();
	await page.getByRole('button', { name: 'Back up now' }).click();
	await expect(page.getByText(/read back and compared\. \d+ notes?,/)).toBeVisible();
	await expect(backupRows(page)).toHaveCount(rows + 1);
};

/** Presses a button that hands out a file; its bytes and its name. */
export const downloadWith = async (
	page: Page,
	press: () => Promise<void>
): Promise<{ name: string; bytes: Buffer }> => {
	const download = page.waitForEvent('download');
	await press();
	const file = await download;
	return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
};

export const downloadRow = async (
	page: Page,
	row: Locator
): Promise<{ name: string; bytes: Buffer }> =>
	downloadWith(page, async () => {
		await row.getByRole('button', { name: /^Actions for / }).click();
		await page.getByRole('menuitem', { name: 'Download' }).click();
	});

export const restoreDialog = (page: Page): Locator => page.getByRole('dialog');

/** From the row to the report, which nothing live was touched for. */
export const askToRestore = async (page: Page, row: Locator): Promise<Locator> => {
	await row.getByRole('button', { name: /^Restore backup of / }).click();
	await expect(restoreDialog(page)).toContainText('Restore this backup?');
	return restoreDialog(page);
};

export const confirmRestore = async (page: Page): Promise<Locator> => {
	const dialog = restoreDialog(page);
	await dialog.getByRole('button', { name: 'Restore this backup' }).click();
	await expect(dialog.getByText(/is your notebook now\./)).toBeVisible();
	return dialog;
};

export const chooseBackupFile = async (
	page: Page,
	name: string,
	buffer: Buffer | Uint8Array
): Promise<void> =>
	page
		.getByLabel('Choose a backup file')
		.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) });
