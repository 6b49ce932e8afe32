import { Decrypter } from 'age-encryption';
import type { Page } from '@playwright/test';
import {
	backupRows,
	backUpNow,
	chooseBackupFile,
	downloadRow,
	openBackups
} from './support/backups';
import { manage, typeCommand, type BackupListData } from './support/manage';
import { waitForNotebook, writeNote } from './support/notes';
import { column, sha256, withSqlite } from './support/sqlite-file';
import { expect, test } from './support/test';

const first = 'the lighthouse keeps seven secrets';
const second = 'nine ships pass the lighthouse at dawn';

const keyDialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const choosePassphrase = async (page: Page, passphrase: string): Promise<void> => {
	const dialog = keyDialog(page, 'Choose a passphrase');
	await dialog.getByLabel('New passphrase').fill(passphrase);
	await dialog.getByLabel('The same again').fill(passphrase);
	await dialog.getByRole('button', { name: 'Use this passphrase' }).click();
	await expect(dialog).toHaveCount(0);
};
const unlock = async (page: Page, dialogName: string, secret: string): Promise<void> => {
	const dialog = keyDialog(page, dialogName);
	await dialog.getByLabel(/^(Passphrase|Recovery key)/).fill(secret);
	await dialog.getByRole('button', { name: 'Unlock' }).click();
};
const encryption = (page: Page) => page.getByRole('region', { name: 'Encryption', exact: true });

const openWithPassphrase = async (bytes: Uint8Array, passphrase: string): Promise<Uint8Array> => {
	const decrypter = new Decrypter();
	decrypter.addPassphrase(passphrase);
	return decrypter.decrypt(new Uint8Array(bytes));
};

test('with a passphrase no backup is plain, each opens with it alone, and it can be changed', async ({
	app
}) => {
	test.setTimeout(240_000);
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', 'The keeper writes a letter every evening.');
	await openBackups(page, app.url);
	await encryption(page).getByRole('button', { name: 'Use a passphrase' }).click();
	await choosePassphrase(page, first);
	await expect(encryption(page)).toContainText('passphrase, unlocked');
	await backUpNow(page);
	await expect(backupRows(page).first()).toContainText('encrypted');
	const file = await downloadRow(page, backupRows(page).first());
	const [made] = (await manage<BackupListData>(page, 'list_backups')).backups;
	expect(made).toMatchObject({ name: file.name, encrypted: true, sha256: sha256(file.bytes) });
	expect(file.name).toMatch(/^ai-notes-\d{8}T\d{6}Z\.sqlite3\.age$/);
	await withSqlite(await openWithPassphrase(file.bytes, first), (database) => {
		expect(column(database, 'PRAGMA integrity_check')).toEqual(['ok']);
		expect(column(database, 'SELECT title FROM notes')).toEqual(['Lighthouse']);
	});

	await test.step('after a restart nothing is backed up before the passphrase is given', async () => {
		const again = await app.restartBrowser();
		await again.goto(`${app.url}maintenance/backups/`);
		await expect(encryption(again)).toContainText('passphrase needed');
		expect(await typeCommand(again, 'backup_database')).toMatchObject({
			ok: false,
			data: { error: { code: 'backup-locked' } }
		});
		await again.getByRole('button', { name: 'Back up now' }).click();
		await unlock(again, 'Passphrase of your backups', 'the lighthouse keeps seven');
		await expect(keyDialog(again, 'Passphrase of your backups')).toContainText(
			'Wrong passphrase or key.'
		);
		await keyDialog(again, 'Passphrase of your backups')
			.getByRole('button', { name: 'Cancel' })
			.click();
		await expect(backupRows(again)).toHaveCount(1);
	});

	const again = app.page;
	await test.step('a restore asks for it and goes on', async () => {
		await again.goto(app.url);
		await writeNote(again, 'After the backup', 'Only today has this.');
		await openBackups(again, app.url);
		await backupRows(again)
			.first()
			.getByRole('button', { name: /^Restore backup of / })
			.click();
		await unlock(again, 'This backup is encrypted', first);
		await restore(again);
		await expectRestored(again);
		await again.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
		expect(await titles(again)).toEqual(['Lighthouse']);
		await expect(backupRows(again)).toHaveCount(2);
	});

	await test.step('rotate_passphrase asks in the page and encrypts all of them anew', async () => {
		const rotation = typeCommand(again, 'rotate_passphrase');
		await choosePassphrase(again, second);
		expect(await rotation).toMatchObject({ ok: true, data: { reencrypted: 2 } });
		const { backups } = await manage<BackupListData>(again, 'list_backups');
		expect(backups.every(({ encrypted, verified }) => encrypted && verified)).toBe(true);
		const changed = await downloadRow(again, backupRows(again).last());
		expect(changed.name).toBe(file.name);
		const plain = await openWithPassphrase(changed.bytes, second);
		expect(sha256(plain)).toBe(sha256(await openWithPassphrase(file.bytes, first)));
		await expect(openWithPassphrase(changed.bytes, first)).rejects.toThrow();
	});

	await test.step('the file downloaded before still opens with the passphrase of then', async () => {
		await writeMore(again);
		await openBackups(again, app.url);
		await chooseBackupFile(again, file.name, file.bytes);
		await unlock(again, 'Passphrase of your backups', second);
		await expect(keyDialog(again, 'Passphrase of your backups')).toContainText('Wrong passphrase');
		await unlock(again, 'Passphrase of your backups', first);
		await restore(again);
		// The restore point is encrypted too, and the page was loaded anew.
		await unlock(again, 'Passphrase of your backups', second);
		await expectRestored(again);
		expect(await titles(again)).toEqual(['Lighthouse']);
	});
});

test('a recovery key is shown once, makes backups without a secret, and alone opens them', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', 'The keeper writes a letter every evening.');
	await openBackups(page, app.url);
	await encryption(page).getByRole('button', { name: 'Use a recovery key' }).click();
	const dialog = page.getByRole('dialog', { name: 'Your recovery key' });
	const key = ((await dialog.getByText(/^AGE-SECRET/).textContent()) ?? '').replace(/\s+/g, '');
	await dialog.getByRole('textbox').fill(key.slice(-6));
	await dialog.getByRole('button', { name: 'Use this key' }).click();
	await expect(encryption(page)).toContainText('for your recovery key');

	const again = await app.restartBrowser();
	await openBackups(again, app.url);
	await backUpNow(again);
	await expect(again.getByText(key)).toHaveCount(0);
	const file = await downloadRow(again, backupRows(again).first());
	const decrypter = new Decrypter();
	decrypter.addIdentity(key);
	await withSqlite(await decrypter.decrypt(new Uint8Array(file.bytes)), (database) => {
		expect(column(database, 'SELECT title FROM notes')).toEqual(['Lighthouse']);
	});
	await backupRows(again)
		.first()
		.getByRole('button', { name: /^Restore backup of / })
		.click();
	await unlock(again, 'This backup is encrypted', key);
	await expect(again.getByRole('dialog')).toContainText('Restore this backup?');
});

const restore = async (page: Page): Promise<void> =>
	page.getByRole('dialog').getByRole('button', { name: 'Restore this backup' }).click();

/** A passphrase is slow on purpose, and one restore needs it several times. */
const expectRestored = async (page: Page): Promise<void> =>
	expect(page.getByText('is your notebook now')).toBeVisible({ timeout: 90_000 });

const titles = async (page: Page): Promise<string[]> => {
	const { notes } = await manage<{ notes: { title: string }[] }>(page, 'list_notes --limit 100');
	return notes.map(({ title }) => title);
};

const writeMore = async (page: Page): Promise<void> => {
	await manage(page, 'create_note --title Later --body later');
};
