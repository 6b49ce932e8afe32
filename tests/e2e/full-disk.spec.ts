import type { Page } from '@playwright/test';
import { askToRestore, backupRows, backUpNow, openBackups, restoreDialog } from './support/backups';
import { fillDisk, freeDisk } from './support/faults';
import { aFile, chooseFiles } from './support/imports';
import { manage, typeCommand, type BackupListData } from './support/manage';
import {
	bodyField,
	expectSaved,
	openNote,
	results,
	searchFor,
	startNote,
	titleField,
	waitForNotebook,
	writeNote
} from './support/notes';
import { expect, test } from './support/test';

const letter = 'The lighthouse keeper writes a letter every evening.';
/** More than what the files have in reserve. */
const long = (word: string): string => `${word} `.repeat(Math.ceil(400_000 / (word.length + 1)));

interface NoteData {
	readonly title: string;
	readonly body: string;
}

const notesOf = async (page: Page): Promise<readonly NoteData[]> =>
	(await manage<{ notes: NoteData[] }>(page, 'list_notes --limit 500')).notes;

const titles = async (page: Page): Promise<string[]> =>
	(await notesOf(page)).map(({ title }) => title).sort();

test('a full disk: every action says what is safe, nothing is lost, and all works again with room', async ({
	app
}) => {
	test.slow();
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', letter);
	await openBackups(page, app.url);
	await backUpNow(page);
	await app.open();
	await writeNote(page, 'After the backup', 'Only today has this.');

	await test.step('writing a note', async () => {
		await fillDisk(app);
		const text = long('tide');
		await startNote(page, 'Too much', text);
		const alert = page.getByRole('region', { name: 'Note', exact: true }).getByRole('alert');
		await expect(alert).toContainText('Your text is kept in this page');
		await expect(alert).toContainText('What was saved before is safe');
		await expect(
			page.getByRole('link', { name: 'Some text is not saved yet', exact: true })
		).toBeVisible();
		const refused = await typeCommand(page, `create_note --title Second --body "${long('wave')}"`);
		expect(refused).toMatchObject({ ok: false, text: expect.stringContaining('full') });

		// Another note can be read meanwhile, and the text is still there afterwards.
		await openNote(page, 'Lighthouse');
		await expect(bodyField(page)).toHaveText(letter);
		await page.goBack();
		await expect(titleField(page)).toHaveValue('Too much');
		await expect(alert).toBeVisible();

		await freeDisk(app);
		await alert.getByRole('button', { name: 'Try again' }).click();
		await expectSaved(page);
		await page.reload();
		await openNote(page, 'Too much');
		const written = (await notesOf(page)).find(({ title }) => title === 'Too much');
		expect(written?.body.trim()).toBe(text.trim());
	});

	await test.step('an import', async () => {
		const tables = Array.from({ length: 5 }, (_, i) =>
			aFile(`Tide table ${i}.md`, `${i} ${long('ebb')}`)
		);
		await chooseFiles(page, app.url, tables);
		await fillDisk(app);
		await page.getByRole('button', { name: 'Import 5 notes' }).click();
		const alert = page.getByRole('alert');
		await expect(alert).toContainText('There is no room left for this site');
		await expect(alert).toContainText('What was saved before is safe');
		expect((await titles(page)).filter((title) => title.startsWith('Tide'))).toEqual([]);

		await freeDisk(app);
		await page.getByRole('button', { name: 'Look at the rest again' }).click();
		await page.getByRole('button', { name: 'Import 5 notes' }).click();
		await expect(page.getByText('5 notes on disk')).toBeVisible();
	});
	const all = await titles(page);
	expect(all).toHaveLength(8);

	await test.step('a backup', async () => {
		await openBackups(page, app.url);
		await expect(backupRows(page)).toHaveCount(1);
		await fillDisk(app);
		await page.getByRole('button', { name: 'Back up now' }).click();
		const alert = page.getByRole('alert');
		await expect(alert).toContainText('There is no room left for this site');
		await expect(alert).toContainText('What was saved before is safe');
		const { backups } = await manage<BackupListData>(page, 'list_backups');
		expect(backups.map(({ verified }) => verified)).toEqual([true]);
		await freeDisk(app);
		await alert.getByRole('button', { name: 'Try again' }).click();
		await expect(backupRows(page)).toHaveCount(2);
		await expect(page.getByText(/read back and compared\. 8 notes,/)).toBeVisible();
	});

	await test.step('a restore', async () => {
		const before = await notesOf(page);
		await askToRestore(page, backupRows(page).last());
		await fillDisk(app);
		await restoreDialog(page).getByRole('button', { name: 'Restore this backup' }).click();
		const alert = restoreDialog(page).getByRole('alert');
		await expect(alert).toContainText('There is no room left for this site');
		await expect(alert).toContainText('What was saved before is safe');
		expect(await notesOf(page)).toEqual(before);
		expect((await manage<BackupListData>(page, 'list_backups')).backups).toHaveLength(2);
		expect(await manage(page, 'integrity_check')).toMatchObject({ status: 'ok', findings: [] });
		await freeDisk(app);
		await alert.getByRole('button', { name: 'Try again' }).click();
		const dialog = restoreDialog(page);
		await expect(dialog.getByText(/is your notebook now\./)).toBeVisible({ timeout: 60_000 });
		expect(await titles(page)).toEqual(['Lighthouse']);
		await dialog.getByRole('button', { name: 'Undo this restore' }).click();
		await expect(dialog).toContainText('as it was before the restore', { timeout: 60_000 });
		expect(await titles(page)).toEqual(all);
	});

	await test.step('a start of the app, reading, and making room', async () => {
		await fillDisk(app);
		await app.open();
		await waitForNotebook(page);
		await searchFor(page, 'lighthouse');
		await results(page).first().click();
		await expect(titleField(page)).toHaveValue('Lighthouse');
		await expect(bodyField(page)).toHaveText(letter);
		await page.getByRole('button', { name: 'Move to the trash' }).click();
		const messages = page.getByRole('region', { name: 'Messages' });
		await expect(messages).toContainText('There is no room left for this site');
		expect(await titles(page)).toEqual(all);
		const { backups } = await manage<BackupListData>(page, 'list_backups');
		await manage(page, `delete_backup ${backups.at(-1)?.name}`);
		expect((await manage<BackupListData>(page, 'list_backups')).backups).toHaveLength(
			backups.length - 1
		);
		await freeDisk(app);
		// What waited for room goes on.
		await writeNote(page, 'Room again', 'The tide went out.');
		await expect.poll(async () => uncutNotes(page)).toBe(0);
		const { notes } = await manage<{ notes: { id: string }[] }>(page, 'list_notes --limit 1');
		await expect
			.poll(async () => (await typeCommand(page, `get_embedding ${notes[0]?.id}`)).ok)
			.toBe(true);
	});
});

/** Notes that were not cut into passages yet: nothing can be found in them by meaning. */
const uncutNotes = async (page: Page): Promise<unknown> => {
	const sql = 'SELECT count(*) FROM notes WHERE seq NOT IN (SELECT note_seq FROM chunks)';
	return (await manage<{ rows: unknown[][] }>(page, `dbshell "${sql}"`)).rows[0]?.[0];
};
