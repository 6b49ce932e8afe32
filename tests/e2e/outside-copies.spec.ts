import { backUpNow, backupRows, downloadRow, openBackups } from './support/backups';
import { manage } from './support/manage';
import { waitForNotebook, writeNote } from './support/notes';
import { expect, test } from './support/test';

interface CopiesData {
	readonly met: boolean;
	readonly copies: readonly {
		readonly name: string;
		readonly way: string;
		readonly sha256: string;
	}[];
}

test('a copy that left is on record, counts for 3 – 2 – 1, and brings the notes back after an eviction', async ({
	app
}) => {
	test.setTimeout(180_000);
	// The dialog of the browser cannot be driven; a folder of its private file system is of the same kind.
	await app.context.addInitScript(() => {
		const pick = async () =>
			(await navigator.storage.getDirectory()).getDirectoryHandle('Stick', { create: true });
		Object.defineProperty(window, 'showDirectoryPicker', { value: pick });
	});
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', 'The keeper writes a letter every evening.');
	await openBackups(page, app.url);
	const card = page.getByRole('region', { name: 'Copies outside this browser' });
	await backUpNow(page);
	await expect(card).toContainText('2 of 3 copies');
	await expect(card).toContainText('0 of 1 outside this browser');
	await card.getByRole('button', { name: 'Choose a folder' }).click();
	await expect(card).toContainText('Copies go to the folder “Stick”');
	await expect(card).toContainText('3 copies, 2 places, 1 outside');
	const file = await downloadRow(page, backupRows(page).first());
	await expect(card).toContainText('4 of 3 copies');
	const data = await manage<CopiesData>(page, 'outside_copies');
	expect(data.met).toBe(true);
	expect(data.copies.map(({ name, way }) => [name, way])).toEqual([
		[file.name, 'download'],
		[file.name, 'folder']
	]);
	const check = page.getByRole('region', { name: 'Check a file' });
	await check.getByLabel('Choose a file to check').setInputFiles({
		...{ name: 'from the stick.sqlite3', mimeType: 'application/octet-stream' },
		buffer: file.bytes
	});
	await expect(check).toContainText(
		/Matches the backup of .*, intact, with all the notes of today/
	);

	// What an eviction takes: files, databases and caches; the little in localStorage often stays.
	await page.goto('about:blank');
	const cdp = await app.cdp(page);
	await cdp.send('Storage.clearDataForOrigin', {
		origin: new URL(app.url).origin,
		storageTypes: 'file_systems,indexeddb,cache_storage'
	});
	await page.goto(app.url);
	await expect(page.getByRole('heading', { name: 'Your notebook’s file is gone' })).toBeVisible();
	await expect(page.getByText(new RegExp(`as ${file.name} \\(to the downloads\\)`))).toBeVisible();
	await page.getByRole('link', { name: 'Restore a backup' }).click();
	await page.getByLabel('Choose that file').setInputFiles({
		...{ name: file.name, mimeType: 'application/octet-stream' },
		buffer: file.bytes
	});
	await page.getByRole('button', { name: 'Restore this backup' }).click();
	await page.getByRole('button', { name: 'Done' }).click();
	const { notes } = await manage<{ notes: { title: string }[] }>(page, 'list_notes');
	expect(notes.map(({ title }) => title)).toEqual(['Lighthouse']);
});
