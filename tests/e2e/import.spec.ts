import { cpSync, statSync, writeFileSync } from 'node:fs';
import { makeZip } from '../support/make-zip';
import {
	aFile,
	chooseFiles,
	chooseFolder,
	hasRealVaults,
	ownVault,
	realVaults,
	remarks,
	takeImport
} from './support/imports';
import { manage } from './support/manage';
import { bodyField, results, searchFor, titleField, waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

interface NoteData {
	readonly id: string;
	readonly title: string;
	readonly body: string;
	readonly tags: readonly string[];
	readonly path: string;
	readonly createdAt: string;
	readonly updatedAt: string;
}
interface NoteListData {
	readonly notes: readonly NoteData[];
	readonly total: number;
}

test('a folder of notes comes in with folders, tags and dates, and a report names the rest', async ({
	app
}) => {
	const page = await app.open();
	await chooseFolder(page, app.url, ownVault);
	await expect(page.getByRole('heading', { name: '25 notes found' })).toBeVisible();
	await expect(page.getByText('3 files will be left out.')).toBeVisible();
	expect((await manage<NoteListData>(page, 'list_notes')).total).toBe(0);
	await takeImport(page);
	await expect(page.getByText('25 notes on disk, confirmed by the database.')).toBeVisible();
	await expect(page.getByText('23 files taken as they were, 2 changed, 3 left out.')).toBeVisible();
	const named = await remarks(page);
	expect(named).toHaveLength(5);
	expect(named.find((line) => line.startsWith('Inbox/Not UTF-8.md'))).toMatch(
		/left out: Not UTF-8 text: a character in line \d+ is broken/
	);

	const { notes, total } = await manage<NoteListData>(page, 'list_notes --limit 100');
	expect(total).toBe(25);
	const byTitle = new Map(notes.map((note) => [note.title, note]));
	expect(byTitle.get('Four days in Paris')).toMatchObject({
		path: 'Travel/2025',
		tags: ['travel'],
		createdAt: '2025-03-02T09:30:00.000Z'
	});
	const soup = byTitle.get('Tomato soup with basil');
	expect(soup).toMatchObject({ path: 'Kitchen', tags: ['kitchen', 'soup'] });
	const soupFile = statSync(`${ownVault}/Kitchen/Tomato soup with basil.md`);
	expect(Date.parse(soup?.updatedAt ?? '')).toBe(Math.floor(soupFile.mtimeMs));
	expect(byTitle.get('買い物リスト')).toMatchObject({ path: '日本語' });

	await page.getByRole('link', { name: 'Open the notes' }).click();
	await waitForNotebook(page);
	const list = page.getByRole('region', { name: 'Notes', exact: true });
	await expect(list.getByText('25 notes')).toBeVisible();
	await list.getByLabel('Tag', { exact: true }).selectOption({ label: '#soup (1)' });
	await expect(list.getByText('1 note', { exact: true })).toBeVisible();
	await expect(list.getByRole('link')).toContainText(['Tomato soup with basil']);
	await expect(list.getByRole('link').first()).toContainText('Kitchen');
	await list.getByLabel('Tag', { exact: true }).selectOption({ label: 'All tags' });

	await searchFor(page, '豆腐');
	await expect(results(page).first()).toContainText('買い物リスト');
	await page.keyboard.press('Enter');
	await expect(titleField(page)).toHaveValue('買い物リスト');
	await expect(bodyField(page)).toContainText('豆腐');
});

test('a folder chosen again doubles nothing; what was changed meanwhile is kept beside', async ({
	app
}) => {
	const page = await app.open();
	await chooseFolder(page, app.url, ownVault);
	await takeImport(page);
	await chooseFolder(page, app.url, ownVault);
	await expect(page.getByRole('heading', { name: 'Nothing new to import' })).toBeVisible();
	await expect(page.getByText('all 25 notes in 28 files already, word for word')).toBeVisible();
	await expect(page.getByRole('button', { name: /^Import / })).toHaveCount(0);

	const folder = test.info().outputPath('vault');
	cpSync(ownVault, folder, { recursive: true });
	writeFileSync(`${folder}/Music/Piano practice.md`, 'Scales first.');
	writeFileSync(`${folder}/Music/Singing.md`, 'Breathe.');
	await chooseFolder(page, app.url, folder);
	await expect(page.getByRole('heading', { name: '2 new notes found' })).toBeVisible();
	await expect(page.getByText('24 notes of it you have already')).toBeVisible();
	await takeImport(page);
	await page.getByText('Show more').click();
	expect((await remarks(page)).find((line) => line.startsWith('Music/Piano'))).toMatch(
		/taken: Your notebook has a note of this name in this folder .* both are kept/
	);
	const { notes, total } = await manage<NoteListData>(page, 'list_notes --limit 100');
	expect(total).toBe(27);
	const pianos = notes.filter(({ title }) => title === 'Piano practice').map(({ body }) => body);
	expect(pianos.toSorted().map((body) => body.slice(0, 12))).toEqual([
		'Scales first',
		'Scales with '
	]);
});

test('three real vaults of thousands of notes come in whole, once, and are found', async ({
	app
}) => {
	test.skip(!hasRealVaults, `${realVaults} is not here: it is lent for tests only`);
	test.setTimeout(240_000);
	const page = await app.open();
	const vaults = [
		{ name: 'jbranchaud-til', notes: 1873, others: 0 },
		{ name: 'obsidian-help', notes: 377, others: 131 },
		{ name: 'kepano-obsidian', notes: 103, others: 37 }
	];
	for (const { name, notes, others } of vaults) {
		await test.step(name, async () => {
			const count = notes.toLocaleString('en');
			await chooseFolder(page, app.url, `${realVaults}/${name}`);
			await expect(page.getByRole('heading', { name: `${count} notes found` })).toBeVisible();
			await takeImport(page);
			await expect(page.getByText(`${count} notes on disk, confirmed`)).toBeVisible();
			await expect(
				page.getByText(`${count} files taken as they were, 0 changed, ${others} left out.`)
			).toBeVisible();
		});
	}

	await test.step('the list has every note, to its end', async () => {
		await page.getByRole('link', { name: 'Open the notes' }).click();
		await waitForNotebook(page);
		const list = page.getByRole('region', { name: 'Notes', exact: true });
		await expect(list.getByText('2,353 notes')).toBeVisible();
		await list.getByLabel('Order').selectOption('Title');
		await list.getByRole('link').first().press('End');
		const last = list.locator('li[aria-posinset="2353"]');
		await expect(last.getByRole('link')).toBeFocused();
	});

	await test.step('a known note is found by its words, with folder and passage', async () => {
		await searchFor(page, 'unstage changes interactively');
		// Another note may link to it by its title.
		const found = results(page).filter({ hasText: 'Interactively Unstage Changes' }).first();
		await expect(found).toContainText('git add --patch');
		await expect(found).toContainText('git');
		await found.click();
		await expect(titleField(page)).toHaveValue('Interactively Unstage Changes');
		await expect(page.getByText('From git', { exact: true })).toBeVisible();
		const { results: first } = await manage<{ results: { title: string }[] }>(
			page,
			'search "resetting a reset" --mode keyword'
		);
		expect(first[0]?.title).toBe('Resetting A Reset');
	});

	await test.step('wikilinks and properties stay in the text', async () => {
		const { notes } = await manage<NoteListData>(page, 'list_notes --limit 3000');
		const sync = notes.find(({ title }) => title === 'Troubleshoot Obsidian Sync');
		expect(sync?.path).toBe('en/Obsidian Sync');
		expect(sync?.body).toContain('[[Introduction to Obsidian Sync|Obsidian Sync]]');
		expect(sync?.body).toContain('permalink: sync/troubleshoot');
	});

	await test.step('the largest one chosen again adds nothing', async () => {
		await chooseFolder(page, app.url, `${realVaults}/jbranchaud-til`);
		await expect(page.getByText('all 1,873 notes in 1,873 files already')).toBeVisible();
		expect((await manage<NoteListData>(page, 'list_notes --limit 1')).total).toBe(2353);
	});
});

test('a tab that is killed in the middle of an import loses and doubles nothing', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	const content = Object.fromEntries(
		Array.from({ length: 700 }, (_, index) => [`log/n${index}.md`, `Entry ${index}.\n`.repeat(40)])
	);
	const zip = aFile('log.zip', new Uint8Array(await (await makeZip(content)).arrayBuffer()));
	await chooseFiles(page, app.url, [zip]);
	await page.getByRole('button', { name: 'Import 700 notes' }).click();
	await expect(
		page.getByRole('progressbar').or(page.getByText('Import finished')).first()
	).toBeVisible();
	const crashed = page.waitForEvent('crash');
	const session = await app.cdp(page);
	void session.send('Page.crash').catch(() => undefined); // the page dies before it answers
	await crashed;

	const next = await app.newPage();
	await waitForNotebook(next);
	const { total: written } = await manage<NoteListData>(next, 'list_notes --limit 1');
	expect(written).toBeLessThanOrEqual(700);
	expect(await manage(next, 'integrity_check')).toMatchObject({ status: 'ok', findings: [] });
	await chooseFiles(next, app.url, [zip]);
	if (written < 700) {
		const left = (700 - written).toLocaleString('en');
		await expect(
			next.getByRole('heading', { name: new RegExp(`^${left} (new )?notes? found$`) })
		).toBeVisible();
		await takeImport(next);
	} else {
		await expect(next.getByText('all 700 notes in 1 file already')).toBeVisible();
	}
	const counted = await manage<{ rows: unknown[][] }>(
		next,
		'dbshell "SELECT count(*), count(DISTINCT title), count(DISTINCT body), min(path), max(path) FROM notes"'
	);
	expect(counted.rows).toEqual([[700, 700, 700, 'log', 'log']]);
});
