import RepairPage from '$lib/components/maintenance/RepairPage.svelte';
import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { aBackup, createFakeBackups } from '../../../support/maintenance-services';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const show = (...backups: Parameters<typeof createFakeBackups>) => {
	const fake = createFakeBackups(...backups);
	end = showMaintenance({ screen: RepairPage, backups: fake.service });
	return fake;
};

const old = aBackup({ name: 'old.sqlite3', createdAtMs: Date.UTC(2026, 4, 1), notes: 7 });
const button = (name: string) => page.getByRole('button', { name });

test('a salvage tells what was saved and what is lost before anything is taken', async () => {
	const { calls } = show([old]);
	await button('Salvage what can be read').click();
	await expect.element(page.getByText(/2 saved whole, 1 saved with damage, 2 lost/)).toBeVisible();
	await expect.element(page.getByText('it has 4 of 9 pages')).toBeVisible();
	await page.getByText('Lost · 2').click();
	await expect.element(page.getByText('Note lost-1, row 4')).toBeVisible();
	await expect.element(page.getByText('Row 5, whose id is lost too')).toBeVisible();
	await page.getByText(/tagged “damaged” · 1/).click();
	await expect.element(page.getByText('Harbour')).toBeVisible();
	await page.getByText('Saved whole · 2').click();
	await expect.element(page.getByText('Lighthouse')).toBeVisible();
	await page.getByText('Table by table · 2').click();
	const table = /notes: 3 rows saved, 2 lost; nothing can be read at rows 4 to 5/;
	await expect.element(page.getByText(table)).toBeVisible();
	const unknown = /settings: 0 rows saved, how many are lost cannot be told/;
	await expect.element(page.getByText(unknown)).toBeVisible();
	await expectAccessible();
	expect(calls).toEqual(['salvage']);

	await button('Take what was salvaged').click();
	await button('Restore this backup').click();
	await expect.element(button('Done')).toBeVisible();
	expect(calls).toEqual(['salvage', 'restore salvaged.sqlite3']);
});

test('backup and salvage together name what is in neither, then become the notebook', async () => {
	const { calls } = show([old]);
	await expect.element(page.getByText(/7 notes, made/)).toBeVisible();
	await button('Salvage what can be read').click();
	await button('Put both together').click();
	await expect.element(page.getByText('4 notes: 1 only in the salvage, 2 newer')).toBeVisible();
	await expect.element(page.getByText(/1 came from the backup, 1 are in neither/)).toBeVisible();
	await page.getByText('In neither of the two · 1').click();
	await expect.element(page.getByText('Row 5').last()).toBeVisible();
	await page.getByText(/Only in the backup.* · 1/).click();
	await expect.element(page.getByText('Tide table')).toBeVisible();
	await expectAccessible();
	await button('Take both together').click();
	await button('Restore this backup').click();
	await expect.element(button('Done')).toBeVisible();
	const asked = ['salvage', 'join old.sqlite3 salvaged.sqlite3', 'restore joined.sqlite3'];
	expect(calls).toEqual(asked);
});

test('without a backup there is still the salvage, and the way to a file', async () => {
	show([]);
	await expect.element(page.getByText('This browser has no verified backup.')).toBeVisible();
	await expect.element(button('Salvage what can be read')).toBeVisible();
	await expect.element(page.getByLabelText('Choose a backup file', { exact: true })).toBeVisible();
});
