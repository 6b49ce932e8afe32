import { readFiles } from '$lib/importers/read-files';
import { expect, test } from 'vitest';
import pairs from '../../fixtures/notes-pairs.json';
import { filesIn } from '../../support/files-in';

const vault = async () => readFiles(await filesIn('tests/fixtures/notes'));

test('our own small vault comes in, and the report names what was changed or skipped', async () => {
	const { notes, remarks } = await vault();
	expect(notes).toHaveLength(25);
	expect(remarks.map(({ source, outcome }) => [source, outcome])).toEqual([
		['Attachments/dot.png', 'skipped'],
		['Inbox/Broken properties.md', 'changed'],
		['Inbox/Empty.md', 'changed'],
		['Inbox/Not UTF-8.md', 'skipped'],
		['.obsidian/', 'skipped']
	]);
	expect(notes.find((note) => note.path === '日本語')?.title).toBe('買い物リスト');
	expect(notes.map((note) => note.title)).toContain('Wi-Fi router: where the password is');
});

const functionWords = new Set(
	'a an and at be by can do does for from how i in is it me my not of on or should that the to too what with'.split(
		' '
	)
);

/** Words cut to their first five letters, so that `sleep` and `sleeping` count as the same. */
const contentWords = (text: string): Set<string> =>
	new Set(
		(text.toLowerCase().match(/\p{L}+/gu) ?? [])
			.filter((word) => word.length > 2 && !functionWords.has(word))
			.map((word) => word.slice(0, 5))
	);

test.each(pairs)('“$query” shares no word with $source', async ({ query, source }) => {
	const note = (await vault()).notes.find((each) => each.source === source);
	if (!note) throw new Error(`${source} is not in the vault`);
	const words = contentWords(`${note.title} ${note.body} ${note.tags.join(' ')} ${source}`);
	expect([...contentWords(query)].filter((word) => words.has(word))).toEqual([]);
});
