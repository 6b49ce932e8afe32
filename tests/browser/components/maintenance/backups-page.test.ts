import BackupsPage from '$lib/components/maintenance/BackupsPage.svelte';
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
	end = showMaintenance({ screen: BackupsPage, backups: fake.service });
	return fake;
};

const old = aBackup({ name: 'old.sqlite3', createdAtMs: Date.UTC(2026, 4, 1), label: 'spring' });
const dialog = () => page.getByRole('dialog');
const chooser = () => page.getByLabelText('Choose a backup file', { exact: true });

test('a notebook without backups says what to do', async () => {
	show([]);
	await expect.element(page.getByText(/No backups yet/)).toBeVisible();
	await expectAccessible();
});

test('a backup is called done with what was read back, and stands in the list', async () => {
	const { calls } = show([old]);
	await page.getByLabelText('Label (optional)').fill('before the move');
	await page.getByRole('checkbox', { name: /^Pin/ }).click();
	await page.getByRole('button', { name: 'Back up now' }).click();
	await expect.element(page.getByText(/made-1\.sqlite3: read back and compared/)).toBeVisible();
	await expect.element(page.getByText('before the move')).toBeVisible();
	expect(calls).toEqual(['create before the move true']);
	await expectAccessible();
});

test('a restore says first what would be lost, and can be undone', async () => {
	const { calls } = show([old]);
	await page.getByRole('button', { name: /^Restore backup/ }).click();
	await expect.element(dialog()).toHaveTextContent('Notes of today that it does not have 2 notes');
	expect(calls).toEqual([]);
	await expectAccessible();
	await page.getByRole('button', { name: 'Restore this backup' }).click();
	await expect.element(dialog()).toHaveTextContent('is kept as point.sqlite3');
	await page.getByRole('button', { name: 'Undo this restore' }).click();
	await expect.element(dialog()).toHaveTextContent('as it was before the restore');
	expect(calls).toEqual(['restore old.sqlite3', 'restore point.sqlite3']);
});

test('a cancelled restore touches nothing', async () => {
	const { calls } = show([old]);
	await page.getByRole('button', { name: /^Restore backup/ }).click();
	await dialog().getByRole('button', { name: 'Cancel' }).click();
	await expect.element(dialog()).not.toBeInTheDocument();
	expect(calls).toEqual([]);
});

test('a file that is no backup is refused by name, with the reason', async () => {
	const { calls } = show([old]);
	await chooser().upload(new File(['hello'], 'letter.sqlite3'));
	await expect.element(page.getByRole('alert')).toHaveTextContent('letter.sqlite3: It is a text');
	await expect.element(dialog()).not.toBeInTheDocument();
	expect(calls).toEqual([]);
	await expectAccessible();
});

test('a good file is restored after the question', async () => {
	const { calls } = show([old]);
	await chooser().upload(new File(['x'], 'good.sqlite3'));
	await page.getByRole('button', { name: 'Restore this backup' }).click();
	await expect.element(page.getByRole('button', { name: 'Done' })).toBeVisible();
	expect(calls).toEqual(['restore the file']);
});

test('the newest verified backup goes only after its word was typed', async () => {
	const { calls } = show([old]);
	await page.getByRole('button', { name: /^Actions for/ }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	const button = dialog().getByRole('button', { name: 'Delete' });
	await expect.element(button).toBeDisabled();
	await dialog().getByRole('textbox').fill('delete');
	await button.click();
	await expect.element(page.getByText('old.sqlite3 was deleted.')).toBeVisible();
	expect(calls).toEqual(['remove old.sqlite3']);
});

test('keeping fewer shows first which ones go', async () => {
	const { calls } = show([aBackup(), old]);
	await page.getByLabelText('Backups to keep').fill('1');
	await page.getByRole('button', { name: 'Set', exact: true }).click();
	const preview = page.getByRole('group', { name: 'What would be deleted' });
	await expect.element(preview).toHaveTextContent('old.sqlite3');
	expect(calls).toEqual(['rotate 1 true']);
	await preview.getByRole('button', { name: 'Keep 1, delete 1' }).click();
	await expect.element(page.getByText('The newest 1 are kept; 1 older one deleted.')).toBeVisible();
	expect(calls).toEqual(['rotate 1 true', 'keep 1', 'rotate null false']);
});
