import type { Page } from '@playwright/test';
import type { App } from './support/app';
import { expectAccessible } from './support/axe';
import {
	askToRestore,
	backupRows,
	backUpNow,
	chooseBackupFile,
	confirmRestore,
	downloadRow,
	downloadWith,
	openBackups
} from './support/backups';
import { expectHealthy, manage, quote, type HealthData } from './support/manage';
import {
	leaveApp,
	pagesOfNotes,
	readNotebookFile,
	readPage,
	removeNotebookFiles,
	withPageFilled,
	writeNotebookFile
} from './support/notebook-file';
import { bodyField, openNote, waitForNotebook, writeNote } from './support/notes';
import { sha256, withWordReplaced } from './support/sqlite-file';
import { expect, test } from './support/test';

const letter = 'The lighthouse keeper writes a letter every evening.';
/** So long that it lies on pages of its own. */
const diary = Array.from({ length: 1_500 }, (_, day) => `Day ${day}: the sea was calm.`).join('\n');

const health = async (page: Page): Promise<HealthData> =>
	manage<HealthData>(page, 'health_check --verbose');

const statusOf = ({ checks }: HealthData, id: string): string | undefined =>
	checks.find((check) => check.id === id)?.status;

const noteId = async (page: Page, title: string): Promise<string> => {
	const { notes } = await manage<{ notes: { id: string; title: string }[] }>(page, 'list_notes');
	return notes.find((note) => note.title === title)?.id ?? '';
};

/** A notebook with a verified backup, in a browser that has promised to keep it. */
const makeHealthyNotebook = async (app: App): Promise<Page> => {
	const page = await app.open();
	const cdp = await app.cdp();
	await cdp.send('Browser.grantPermissions', { permissions: ['durableStorage'] });
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', letter);
	await writeNote(page, 'Diary', diary);
	await openBackups(page, app.url);
	await backUpNow(page);
	return page;
};

const damage = async (
	app: App,
	page: Page,
	spoil: (bytes: Buffer) => Buffer | Promise<Buffer>
): Promise<string> => {
	await leaveApp(page, app.url);
	const spoiled = await spoil(await readNotebookFile(page));
	await writeNotebookFile(page, spoiled);
	expect(sha256(await readNotebookFile(page))).toBe(sha256(spoiled));
	return sha256(spoiled);
};

const expectWhole = async (app: App, page: Page): Promise<void> => {
	await app.open();
	await openNote(page, 'Lighthouse');
	await expect(bodyField(page)).toHaveText(letter);
	await expectHealthy(page, 'after the restore');
};

/** The file as it was found damaged is still there for whoever can read more out of it. */
const expectDamagedFileKept = async (app: App, page: Page, hash: string): Promise<void> => {
	await leaveApp(page, app.url);
	const row = page.getByRole('row').filter({ hasText: '/damaged/' });
	const kept = await downloadWith(page, async () => row.getByRole('button').click());
	expect(sha256(kept.bytes)).toBe(hash);
};

test('one letter changed on disk: health names the note and leads to the restore that heals it', async ({
	app
}) => {
	const page = await makeHealthyNotebook(app);
	await expectHealthy(page, 'before the damage');
	const id = await noteId(page, 'Lighthouse');
	await damage(app, page, (bytes) => withWordReplaced(bytes, 'keeper writes', 'keepEr writes'));

	// Nothing of the app's own opening notices it; the check of every note does.
	await app.open();
	await openNote(page, 'Lighthouse');
	await expect(bodyField(page)).toContainText('keepEr');
	const found = await health(page);
	expect(found.status).toBe('failing');
	const [finding] = found.checks.filter((check) => check.id === 'note-hashes');
	expect(finding).toMatchObject({ status: 'failing', fix: 'restore-backup' });
	expect(finding?.value).toContain(id);
	expect(finding?.value).toMatch(/notes/);

	// A touch of the damaged note does not make the damage look like the truth.
	await page.getByRole('button', { name: 'Pin', exact: true }).click();
	await expect(page.getByRole('button', { name: 'Unpin' })).toBeVisible();
	expect(statusOf(await health(page), 'note-hashes')).toBe('failing');

	await page.goto(`${app.url}maintenance/`);
	await page.getByRole('button', { name: 'Run all checks' }).click();
	const card = page.getByRole('region', { name: 'Needs you' });
	await expect(card).toContainText(id);
	await card.getByRole('link', { name: 'Restore a backup' }).first().click();
	await askToRestore(page, backupRows(page).first());
	const dialog = await confirmRestore(page);
	await expect(dialog.getByRole('link', { name: 'rescue page' })).toBeVisible();
	await expectWhole(app, page);
	await leaveApp(page, app.url);
	const row = page.getByRole('row').filter({ hasText: '/damaged/' });
	const kept = await downloadWith(page, async () => row.getByRole('button').click());
	expect(kept.bytes.includes('keepEr writes')).toBe(true);
});

test('a page full of notes overwritten on disk: a recovery screen leads to the backup, nothing is thrown away', async ({
	app
}) => {
	const page = await makeHealthyNotebook(app);
	const id = await noteId(page, 'Lighthouse');
	const hash = await damage(app, page, async (bytes) => {
		const leaf = (await pagesOfNotes(bytes)).find(({ kind }) => kind === 'leaf');
		return withPageFilled(bytes, leaf?.number ?? 0, 0x78);
	});
	await app.open();
	await expect(page.getByRole('heading', { name: 'Your notebook needs repair' })).toBeVisible();
	await expect(page.getByRole('button', { name: 'New note' })).toHaveCount(0);

	const found = await health(page);
	expect(found.status).toBe('failing');
	const failing = found.checks.filter(({ status }) => status === 'failing');
	expect(failing.every(({ fix }) => fix === 'restore-backup')).toBe(true);
	const structure = failing.find((check) => check.id === 'structure');
	expect(structure?.value).toMatch(/table notes/);
	const hashes = failing.find((check) => check.id === 'note-hashes');
	expect(`${hashes?.value} ${hashes?.message}`).toContain(`note ${id} cannot be read`);
	// The page for people says the same and leads to the same place.
	await page.goto(`${app.url}maintenance/`);
	const offer = page.getByRole('region', { name: 'Needs you' });
	await offer.getByRole('link', { name: 'Restore a backup' }).first().click();

	const raw = await downloadWith(page, async () =>
		page.getByRole('button', { name: 'Download the file as it is' }).click()
	);
	expect(sha256(raw.bytes)).toBe(hash);
	await askToRestore(page, backupRows(page).first());
	await confirmRestore(page);
	await expectWhole(app, page);
	await expectDamagedFileKept(app, page, hash);
});

test('a page of notes is destroyed after the backup: salvage and backup bring back all that either has and name the rest', async ({
	app
}) => {
	const page = await makeHealthyNotebook(app);
	// Two of these fill a page of the file.
	for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) {
		await manage(
			page,
			`create_note --title ${day} --body ${quote(`Rain on ${day}. `.repeat(200))}`
		);
	}
	const id = await noteId(page, 'Lighthouse');
	const monday = await noteId(page, 'Monday');
	const hash = await damage(app, page, async (bytes) => {
		const leaves = (await pagesOfNotes(bytes)).filter(({ kind }) => kind === 'leaf');
		return leaves.reduce(
			(spoiled, { number }) =>
				readPage(bytes, number).includes(letter) ? withPageFilled(spoiled, number, 0) : spoiled,
			bytes
		);
	});
	await app.open();
	await expect(page.getByRole('heading', { name: 'Your notebook needs repair' })).toBeVisible();
	await page.getByRole('link', { name: 'Restore a backup' }).click();
	await page.getByRole('button', { name: 'Salvage what can be read' }).click();
	const ways = page.getByRole('region', { name: 'Ways back' });
	await expect(ways).toContainText(/\d saved whole, \d lost\./);
	await ways.getByText(/^Lost · /).click();
	await expect(ways).toContainText(`Note ${id}`);
	await expectAccessible(page, 'the report of a salvage');
	await ways.getByRole('button', { name: 'Put both together' }).click();
	await expect(ways).toContainText('2 came from the backup, 2 are in neither');
	await expect(ways).toContainText(`In neither of the two · 2 Note ${monday}`);
	await ways.getByRole('button', { name: 'Take both together' }).click();
	await confirmRestore(page);
	await app.open();
	const { total } = await manage<{ total: number }>(page, 'list_notes');
	expect(total).toBe(5);
	await openNote(page, 'Lighthouse');
	await expect(bodyField(page)).toHaveText(letter);
	expect(statusOf(await health(page), 'note-hashes')).toBe('ok');
	await expectDamagedFileKept(app, page, hash);
});

test('the files of a notebook are gone from the browser: no welcome, but a way to a backup file', async ({
	app
}) => {
	const page = await makeHealthyNotebook(app);
	const { bytes, name } = await downloadRow(page, backupRows(page).first());
	await leaveApp(page, app.url);
	await removeNotebookFiles(page);
	await app.open();
	const gone = page.getByRole('heading', { name: 'Your notebook’s file is gone' });
	await expect(gone).toBeVisible();
	await expect(page.getByRole('button', { name: 'New note' })).toHaveCount(0);
	expect((await health(page)).status).toBe('failing');

	// An eviction takes everything of the site that the browser may take, the app's own memory too.
	await leaveApp(page, app.url);
	const cdp = await app.cdp();
	await cdp.send('Storage.clearDataForOrigin', {
		origin: new URL(app.url).origin,
		storageTypes: 'indexeddb,file_systems,cache_storage,service_workers'
	});
	await app.open();
	await expect(gone).toBeVisible();
	await page.getByRole('link', { name: 'Restore a backup' }).click();
	await chooseBackupFile(page, name, bytes);
	await confirmRestore(page);
	await app.open();
	await openNote(page, 'Lighthouse');
	await expect(bodyField(page)).toHaveText(letter);
});

test('who has no backup of a notebook that is gone can begin anew, after a question', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', letter);
	await leaveApp(page, app.url);
	await removeNotebookFiles(page);
	await app.open();
	await page.getByRole('button', { name: 'Start with an empty notebook' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Start empty' }).click();
	await writeNote(page, 'A new beginning', 'Backed up from now on.');
	await page.reload();
	await openNote(page, 'A new beginning');
	await expect(page.getByText('Lighthouse')).toHaveCount(0);
});
