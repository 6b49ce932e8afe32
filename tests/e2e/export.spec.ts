import { readFileSync } from 'node:fs';
import { startApp } from './support/app';
import { aFile, chooseFiles, chooseFolder, ownVault, takeImport } from './support/imports';
import { manage, quote } from './support/manage';
import { expect, test } from './support/test';
import type { Page } from '@playwright/test';

interface NoteData {
	readonly id: string;
	readonly title: string;
	readonly body: string;
	readonly tags: readonly string[];
	readonly path: string;
	readonly pinned: boolean;
	readonly createdAt: string;
	readonly updatedAt: string;
}

/** Notes that a careless export would lose, merge or change. */
const awkward = [
	['', 'A note without a title.'],
	['', 'Another one.'],
	['Same name', 'First.'],
	['Same name', 'Second.'],
	['same NAME', 'Third, on a disk that does not tell capitals apart.'],
	['a/b\\c: "d" <e>|f?*', '../../etc'],
	['CON', 'A name that Windows keeps for itself.'],
	['🚲 ばいく', 'tags: none\n---\n'],
	['Ruler', '---\ntitle: mine\ntags: [a]\n---\nProperties that the text itself begins with.'],
	['Ends', '\n\n  spaces around  \r\nand both line ends\n\n'],
	['Empty', '']
] as const;

/** Everything of a note that a person can see, in an order of its own. */
const contents = async (page: Page): Promise<string[]> => {
	const { notes } = await manage<{ notes: NoteData[] }>(page, 'list_notes --limit 1000');
	return notes.map(({ id: _, ...note }) => JSON.stringify(note)).toSorted();
};

test('all notes exported and imported into another notebook are the same notes', async ({
	app
}) => {
	const page = await app.open();
	await chooseFolder(page, app.url, ownVault);
	await takeImport(page);
	for (const [title, body] of awkward) {
		const made = await manage<NoteData>(
			page,
			`create_note --title ${quote(title)} --body ${quote(body)}`
		);
		expect(made).toMatchObject({ title, body });
	}
	const { notes } = await manage<{ notes: NoteData[] }>(page, 'list_notes --limit 1000');
	const pinned = notes.find(({ title }) => title === 'CON');
	await manage(page, `update_note ${pinned?.id} --pin --tags "two words,日本,x/y"`);
	const before = await contents(page);
	expect(before).toHaveLength(25 + awkward.length);

	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Export all as Markdown' }).click();
	const file = await download;
	expect(file.suggestedFilename()).toMatch(/^ai-notes-\d{8}T\d{6}Z\.zip$/);
	await expect(page.getByText(`with ${before.length} notes`)).toBeVisible();
	expect(await contents(page)).toEqual(before);
	const bytes = readFileSync(await file.path());

	const other = await startApp();
	try {
		const second = await other.open();
		await chooseFiles(second, other.url, [aFile(file.suggestedFilename(), bytes)]);
		await takeImport(second);
		await expect(
			second.getByText(`${before.length} files taken as they were, 0 changed, 0 left out.`)
		).toBeVisible();
		expect(await contents(second)).toEqual(before);
		expect(other.complaints).toEqual([]);
	} finally {
		await other.close();
	}
});
