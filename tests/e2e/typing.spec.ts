import { chooseFolder, ownVault, takeImport } from './support/imports';
import { manage, type BackupData } from './support/manage';
import { bodyField, expectSaved, startNote, titleField, waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

test('the cursor stays where it is while a new note is saved', async ({ app }) => {
	const page = await app.open();
	await waitForNotebook(page);
	await page.getByRole('button', { name: 'New note' }).first().click();
	await expect(titleField(page)).toBeFocused();
	await page.keyboard.type('Sourdough');
	await expectSaved(page);
	await page.keyboard.press('Enter');
	await expect(bodyField(page)).toBeFocused();
	for (const line of ['Feed the starter.', ' Wait a day.', ' Bake.']) {
		await page.keyboard.type(line);
		await expectSaved(page);
	}
	await expect(titleField(page)).toHaveValue('Sourdough');
	await expect(bodyField(page)).toHaveText('Feed the starter. Wait a day. Bake.');
});

test('every key typed while backups run is in the note, and it is saved', async ({ app }) => {
	const page = await app.open();
	await waitForNotebook(page);
	await chooseFolder(page, app.url, ownVault);
	await takeImport(page);
	await app.open();
	await waitForNotebook(page);
	await startNote(page, 'Bread', 'Knead the dough.');
	let isTyping = true;
	let backups = 0;
	const backUp = async (): Promise<void> => {
		while (isTyping) {
			const made = await manage<BackupData>(page, 'backup_database');
			expect(made.verified).toBe(true);
			backups += 1;
		}
	};
	const typeOn = async (): Promise<string> => {
		let typed = '';
		while (backups < 3) {
			await page.keyboard.type(' Let it rest.');
			typed += ' Let it rest.';
		}
		isTyping = false;
		return typed;
	};
	const [typed] = await Promise.all([typeOn(), backUp()]);
	await expectSaved(page);
	await expect(bodyField(page)).toHaveText(`Knead the dough.${typed}`);
	await page.reload();
	await expect(bodyField(page)).toHaveText(`Knead the dough.${typed}`);
});
