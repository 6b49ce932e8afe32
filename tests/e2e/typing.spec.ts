import { bodyField, expectSaved, titleField, waitForNotebook } from './support/notes';
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
