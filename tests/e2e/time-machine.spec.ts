import { backUpNow, backupRows, openBackups } from './support/backups';
import { manage } from './support/manage';
import { bodyField, expectSaved, openNote, waitForNotebook, writeNote } from './support/notes';
import { expect, test } from './support/test';

test('a backup is compared with today, searched, and single notes come back out of it', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Bicycle', 'The chain needs oil.\nThe lamp is fine.');
	await writeNote(page, 'Garden', 'Slugs eat the lettuce at night.');
	await openBackups(page, app.url);
	await backUpNow(page);
	await page.goto(app.url);
	await openNote(page, 'Bicycle');
	await bodyField(page).fill('The chain is new.\nThe lamp is fine.');
	await expectSaved(page);
	const { notes } = await manage<{ notes: { id: string; title: string }[] }>(page, 'list_notes');
	const garden = notes.find(({ title }) => title === 'Garden')?.id;
	await manage(page, `delete_note ${garden}`);

	await openBackups(page, app.url);
	await backupRows(page)
		.first()
		.getByRole('button', { name: /^Actions for / })
		.click();
	await page.getByRole('menuitem', { name: 'Compare with today' }).click();
	await expect(page.getByText('Since then 0 notes came, 1 changed and 1 went.')).toBeVisible();
	await expect(page.getByRole('link', { name: 'Backups', exact: true })).toHaveAttribute(
		'aria-current',
		'page'
	);

	await test.step('the words that differ are told apart without colour', async () => {
		await page.getByRole('button', { name: /^Bicycle/ }).click();
		const difference = page.getByRole('group', { name: 'Difference of the text' });
		await expect(difference.locator('del')).toHaveText(['needs oil']);
		await expect(difference.locator('ins')).toHaveText(['is new']);
		await expect(difference).toContainText('−');
		await expect(difference).toContainText('The lamp is fine.');
	});

	await test.step('words that today has no more are found in the backup', async () => {
		await page.getByLabel('Search in this backup').fill('lettuce');
		await expect(page.getByRole('button', { name: /^Garden.*deleted since/ })).toBeVisible();
		await expect(page.getByRole('button', { name: /^Bicycle/ })).toHaveCount(0);
		await page.getByLabel('Search in this backup').fill('');
	});

	await test.step('chosen notes come back, and can be sent away again', async () => {
		await page.getByRole('checkbox', { name: 'Choose Garden' }).check();
		await page.getByRole('checkbox', { name: 'Choose Bicycle' }).check();
		await page.getByRole('button', { name: 'Bring back', exact: true }).click();
		await expect(page.getByText('2 notes brought back.')).toBeVisible();
		await expect(page.getByText('Every note is the same as today.')).toHaveCount(0);
		expect((await manage<{ total: number }>(page, 'list_notes')).total).toBe(2);
		await page.getByRole('button', { name: 'Undo' }).click();
		await expect(page.getByText('2 notes as before.')).toBeVisible();
		expect((await manage<{ total: number }>(page, 'list_notes')).total).toBe(1);
		await page.getByRole('button', { name: 'Bring back as a copy' }).click();
		await expect(page.getByText('1 note brought back.')).toBeVisible();
		expect((await manage<{ total: number }>(page, 'list_notes')).total).toBe(2);
	});

	await test.step('the address alone opens it, and nothing is left behind afterwards', async () => {
		await page.reload();
		await expect(page.getByText(/^Since then 1 note came/)).toBeVisible();
		await page.getByRole('link', { name: 'All backups' }).click();
		await expect(page.getByRole('heading', { name: 'Backups', exact: true })).toBeVisible();
		await expect.poll(() => page.evaluate(filesInPool)).toBe(1);
	});
});

/** How many files of the pool hold a database. */
const filesInPool = async (): Promise<number> => {
	const root = await navigator.storage.getDirectory();
	const pool = await (await root.getDirectoryHandle('notes-v1')).getDirectoryHandle('pool');
	let used = 0;
	for await (const file of (await pool.getDirectoryHandle('.opaque')).values()) {
		if (file.kind !== 'file') continue;
		const head = await (await file.getFile()).slice(0, 512).text();
		if (head.startsWith('/') && !head.includes('-journal')) used += 1;
	}
	return used;
};
