import type { Page } from '@playwright/test';
import type { App } from './support/app';
import { askToRestore, backupRows, openBackups, restoreDialog } from './support/backups';
import { crashTab, killWorker } from './support/faults';
import { waitUntilIndexed } from './support/index-state';
import { expectHealthy, manage, type BackupData, type BackupListData } from './support/manage';
import { bodyField, expectSaved, openNote, startNote, waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

const sentence = (n: number): string => `Sentence ${n} of a long letter home. `;

test('the database thread is killed again and again while somebody types: no letter is lost', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await startNote(page, 'Letter', sentence(0));
	for (let n = 1; n <= 12; n += 1) {
		if (n % 3 === 0) {
			// The one that took over has opened the notebook; saves are on their way all the while.
			await manage(page, 'list_notes');
			await killWorker(page, 'db');
		}
		await page.keyboard.type(sentence(n));
	}
	const text = Array.from({ length: 13 }, (_, n) => sentence(n)).join('');
	await expectSaved(page);
	await expect(bodyField(page)).toHaveText(text.trim());
	// In the middle of a save as well: the answer never comes, the text must.
	await page.keyboard.type('The end.');
	await killWorker(page, 'db');
	await expectSaved(page);
	const { notes } = await manage<{ notes: { title: string; body: string }[] }>(page, 'list_notes');
	expect(notes).toEqual([expect.objectContaining({ title: 'Letter', body: `${text}The end.` })]);
	await page.reload();
	await openNote(page, 'Letter');
	await expect(bodyField(page)).toHaveText(`${text}The end.`);
	// The thread that took over does everything the first one did.
	await manage(page, 'backup_database');
	await expect
		.poll(async () => manage(page, 'embedding_status'))
		.toMatchObject({ indexed: 1, missing: 0, stale: 0 });
});

test('the model’s thread is killed while it reads notes: it starts again and reads them all', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await manage(page, 'create_note --title First --body "A tree."');
	await waitUntilIndexed(page);
	for (const [wood, before] of Object.entries({ oak: 1, elm: 21 })) {
		// On any machine writing is so much faster than reading that most still waits when the kill comes.
		const read = await passagesRead(page);
		await writeMany(page, wood, 20, 25);
		// In the midst of its work: it has read some of them.
		await expect.poll(async () => passagesRead(page), { intervals: [50] }).toBeGreaterThan(read);
		await killWorker(page, 'embed');
		expect(await indexed(page)).toBeLessThan(before + 20);
		await expect.poll(async () => indexed(page), { timeout: 120_000 }).toBe(before + 20);
	}
	expect(await manage(page, 'embedding_status')).toMatchObject({ failed: 0, missing: 0 });
});

const restoreSteps = [
	/Copying the notebook/,
	/Checking the copy/,
	/Writing and reading back/,
	/Copying notes/,
	/is your notebook now/
] as const;

for (const [how, kill] of Object.entries({
	'the tab crashes': async (app: App): Promise<Page> => crashTab(app),
	'the browser is killed': async (app: App): Promise<Page> => app.killBrowser()
})) {
	test(`${how} in the middle of a restore: afterwards the old notebook is there or the new one, whole`, async ({
		app
	}) => {
		test.slow();
		let page = await app.open();
		await waitForNotebook(page);
		await writeMany(page, 'old', 300);
		const backup = await manage<BackupData>(page, 'backup_database --pin');
		await writeMany(page, 'new', 300);
		for (const step of restoreSteps) {
			await openBackups(page, app.url);
			const row = backupRows(page).last();
			await askToRestore(page, row);
			const reached = waitForWords(page, step);
			await restoreDialog(page).getByRole('button', { name: 'Restore this backup' }).click();
			await reached;
			page = await kill(app);
			await page.goto(app.url);
			await waitForNotebook(page);
			const state = await stateOf(page);
			expect(['300 old, 300 new', '300 old, 0 new']).toContain(state);
			// What was called restored is restored.
			if (step === restoreSteps.at(-1)) expect(state).toBe('300 old, 0 new');
			await expectHealthy(page, `after ${step}`);
			const { backups } = await manage<BackupListData>(page, 'list_backups');
			expect(backups.filter(({ verified }) => !verified)).toEqual([]);
			if (state !== '300 old, 300 new') await writeMany(page, 'new', 300);
		}
		// Nothing of the killed ones is in the way of one that is left alone.
		await manage(page, `restore_database ${backup.name}`);
		expect(await stateOf(page)).toBe('300 old, 0 new');
	});
}

/** Sees each change of the page: a step may be over before anybody can look for it. */
const waitForWords = async (page: Page, words: RegExp): Promise<void> =>
	page.evaluate(async (pattern) => {
		const { promise, resolve } = Promise.withResolvers<void>();
		const look = (): void => {
			if (new RegExp(pattern).test(document.body.textContent ?? '')) resolve();
		};
		const changes = new MutationObserver(look);
		changes.observe(document.body, { subtree: true, childList: true, characterData: true });
		await promise;
		changes.disconnect();
	}, words.source);

const writeMany = async (page: Page, prefix: string, count: number, passages = 1): Promise<void> =>
	page.evaluate(
		async ([name, number, length]) => {
			const { manage } = window as unknown as { manage: (line: string) => Promise<unknown> };
			const passage = (i: number, k: number): string =>
				k === 0
					? `A ${name} tree, number ${i}.`
					: `Ring ${k} of tree ${i}. ${`summer ${k} and winter ${i} `.repeat(12)}`;
			for (let i = 0; i < number; i += 1) {
				const body = Array.from({ length }, (_, k) => passage(i, k)).join('\n\n');
				await manage(`create_note --title "${name} ${i}" --body "${body}"`);
			}
		},
		[prefix, count, passages] as const
	);

const indexed = async (page: Page): Promise<number> =>
	(await manage<{ indexed: number }>(page, 'embedding_status')).indexed;

const stateOf = async (page: Page): Promise<string> => {
	const sql = `SELECT count(*) FILTER (WHERE title LIKE 'old %') || ' old, ' ||
		count(*) FILTER (WHERE title LIKE 'new %') || ' new' FROM notes`;
	const { rows } = await manage<{ rows: string[][] }>(page, `dbshell "${sql}"`);
	return rows[0]?.[0] ?? '';
};

const passagesRead = async (page: Page): Promise<number> => {
	const sql = 'SELECT count(*) FROM chunk_vectors';
	const { rows } = await manage<{ rows: unknown[][] }>(page, `dbshell "${sql}"`);
	return Number(rows[0]?.[0]);
};
