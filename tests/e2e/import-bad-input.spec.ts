import { randomBytes } from 'node:crypto';
import { makeZip } from '../support/make-zip';
import { aFile, chooseFiles, remarks, takeImport, type FileContent } from './support/imports';
import { manage } from './support/manage';
import {
	bodyField,
	results,
	searchFor,
	titleField,
	waitForNotebook,
	writeNote
} from './support/notes';
import { expect, test } from './support/test';

const zip = async (name: string, ...content: Parameters<typeof makeZip>): Promise<FileContent> =>
	aFile(name, new Uint8Array(await (await makeZip(...content)).arrayBuffer()));

const longText = `${'A line of a long text about the harbour.\n'.repeat(5_000)}The very last word is zanzibar.`;

test('files that cannot be taken are named with the reason, and everything else comes in', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Mine', 'It was here before.');
	const whole = await zip('whole.zip', { 'a.md': randomBytes(4_000), 'b.md': 'b' });
	await chooseFiles(page, app.url, [
		aFile('plain.md', 'Just a note.'),
		aFile('latin.md', Uint8Array.from(Buffer.from('caf\u00e9 au lait', 'latin1'))),
		aFile('program.md', Uint8Array.from([77, 90, 0, 0, 1, 2])),
		aFile('empty.md', ''),
		aFile('long.md', longText),
		aFile('買い物リスト.md', '豆腐と牛乳'),
		aFile('photo.png', 'not read'),
		await zip('bomb.zip', { 'fine.md': 'fine', 'bomb.md': new Uint8Array(40_000_000) }),
		{ ...whole, name: 'cut.zip', buffer: whole.buffer.subarray(0, whole.buffer.length - 30) },
		aFile('text.zip', 'This is no archive.'),
		await zip('climber.zip', { '../../evil.md': 'x', 'folder/good.md': 'From a good folder.' }),
		await zip('locked.zip', { 'secret.md': 'x' }, 'password')
	]);
	await expect(page.getByRole('heading', { name: '5 notes found' })).toBeVisible();
	await takeImport(page);
	await expect(page.getByText('5 notes on disk, confirmed by the database.')).toBeVisible();
	const named = (await remarks(page)).join('\n');
	for (const reason of [
		/latin\.md left out: Not UTF-8 text: a character in line 1 is broken.*Save the file as UTF-8/,
		/program\.md left out: Not a text file/,
		/empty\.md changed: The file is empty: taken as a note without text/,
		/photo\.png left out: Not a note but a picture/,
		/bomb\.zip left out: bomb\.zip was refused: “bomb\.md” in it unpacks .*zip bomb/,
		/cut\.zip left out: cut\.zip is not a complete zip file: it is cut off or damaged/,
		/text\.zip left out: text\.zip is not a complete zip file/,
		/climber\.zip\/\.\.\/\.\.\/evil\.md left out: Its name leads out of the archive/,
		/locked\.zip left out: locked\.zip is locked with a password: unpack it first/
	]) {
		expect(named).toMatch(reason);
	}

	const { notes } = await manage<{
		notes: { title: string; body: string; path: string }[];
	}>(page, 'list_notes --limit 100');
	const byTitle = new Map(notes.map((note) => [note.title, note]));
	expect([...byTitle.keys()].toSorted()).toEqual(
		['Mine', 'empty', 'good', 'long', 'plain', '買い物リスト'].toSorted()
	);
	expect(byTitle.get('Mine')?.body).toBe('It was here before.');
	expect(byTitle.get('long')?.body).toBe(longText);
	expect(byTitle.get('empty')?.body).toBe('');
	expect(byTitle.get('good')).toMatchObject({ path: 'folder', body: 'From a good folder.' });

	await page.goto(app.url);
	await waitForNotebook(page);
	await searchFor(page, 'zanzibar');
	// By meaning the others are found too, as soon as the model has read them.
	await page.getByRole('radio', { name: 'Words' }).check();
	await expect(results(page)).toHaveCount(1);
	await expect(results(page)).toContainText('The very last word is zanzibar.');
	await results(page).click();
	await expect(titleField(page)).toHaveValue('long');
	await bodyField(page).click();
	await page.keyboard.press('ControlOrMeta+End');
	await page.keyboard.insertText(' And one more.');
	await expect(bodyField(page)).toContainText('zanzibar. And one more.');
	await expect
		.poll(async () => {
			const list = await manage<{ notes: { body: string }[] }>(page, 'list_notes --limit 1');
			return list.notes[0]?.body.length;
		})
		.toBe(longText.length + ' And one more.'.length);
});

test('when nothing can be taken, it is said, and there is nothing to press', async ({ app }) => {
	const page = await app.open();
	await chooseFiles(page, app.url, [aFile('latin.md', Uint8Array.of(0xe9)), aFile('a.pdf', 'x')]);
	await expect(page.getByRole('alert')).toContainText(
		'Nothing in 2 files can be imported. 2 files will be left out. Your notes are unchanged.'
	);
	await expect(page.getByRole('button', { name: /^Import / })).toHaveCount(0);
	expect(await remarks(page)).toHaveLength(2);
});
