import type { ImportedNote, ImportRemark } from '$lib/domain/import';
import { readFiles } from '$lib/importers/read-files';
import { expect, test } from 'vitest';
import { aChosenFile, aDay } from '../../support/chosen-file';

const read = async (path: string, content: BlobPart) => {
	const { notes, remarks } = await readFiles([aChosenFile(path, content)]);
	return { note: notes[0] as ImportedNote, remark: remarks[0] as ImportRemark, notes, remarks };
};

test('a plain note keeps its text, its folder and its file time', async () => {
	const { note, remarks } = await read('a/b/Shopping list.md', 'Milk\n\n[[Recipes|soup]]\n');
	expect(note).toEqual({
		source: 'a/b/Shopping list.md',
		title: 'Shopping list',
		body: 'Milk\n\n[[Recipes|soup]]\n',
		tags: [],
		path: 'a/b',
		createdAtMs: aDay,
		updatedAtMs: aDay
	});
	expect(remarks).toEqual([]);
});

test.each([
	['the file name', 'Soup.md', 'text', 'Soup'],
	['the file name, not another heading', 'Soup.md', '# Winter\ntext', 'Soup'],
	['the heading that says the same', 'Its soup.md', '# It’s soup!\ntext', 'It’s soup!'],
	['the heading instead of a slug', 'append-to-a-list.md', '\n# Lists: append\n', 'Lists: append'],
	['a date, which is no slug', '2026-01-02.md', '# Friday\n', '2026-01-02'],
	['the property', 'Soup.md', '---\ntitle: "Pea: soup"\n---\n# Soup', 'Pea: soup'],
	['a number as it is written', 'a.md', '---\ntitle: 1.0\n---\n', '1.0'],
	['a Japanese name', '買い物/買い物リスト.md', '牛乳', '買い物リスト'],
	['a composed name', 'Cafe\u0301.md', '', 'Caf\u00e9'],
	['the name of a .txt', 'todo.v2.txt', 'x', 'todo.v2']
])('the title is %s', async (_, path, content, title) => {
	expect((await read(path, content)).note.title).toBe(title);
});

test.each([
	['a list', 'tags: [a, "#b", c/d]', ['a', 'b', 'c/d']],
	['lines', 'tags:\n  - a\n  - 2024', ['a', '2024']],
	['words', 'tags: a, b c', ['a', 'b', 'c']],
	['one word', 'tag: "#a"', ['a']],
	['the same word twice', 'tags: [Home, home]', ['Home']],
	['nothing', 'tags:', []]
])('tags can be written as %s', async (_, line, tags) => {
	const { note } = await read('a.md', `---\n${line}\n---\n\ntext`);
	expect(note.tags).toEqual(tags);
	expect(note.body).toBe('text');
});

test('tags in the text are found, those in code, links and headings are not', async () => {
	const text = [
		'# Heading',
		'#first and #日本/東京, (#no) a#no #12 [[x#no]] `#no` https://a.b/#no #c-3',
		'```sh',
		'#no',
		'```',
		'    #no',
		'> ~~~',
		'> #no',
		'> ~~~',
		'#last'
	].join('\n');
	const { note } = await read('a.md', text);
	expect(note.tags).toEqual(['first', '日本/東京', 'c-3', 'last']);
	expect(note.body).toBe(text);
});

test('a tag that is too long to be one stays in the text', async () => {
	const long = 'x'.repeat(101);
	const { note } = await read('a.md', `---\ntags: [ok, ${long}]\n---\n#${long} #fine`);
	expect(note.tags).toEqual(['fine']);
	expect(note.body).toBe(`---\ntags: [ok, ${long}]\n---\n#${long} #fine`);
});

test('dates of the properties become the times of the note', async () => {
	const { note } = await read(
		'a.md',
		'---\ncreated: 2021-02-03T04:05:06Z\nupdated: 2022-02-03 04:05:06.7+01:00\n---\nx'
	);
	expect(note.createdAtMs).toBe(Date.UTC(2021, 1, 3, 4, 5, 6));
	expect(note.updatedAtMs).toBe(Date.UTC(2022, 1, 3, 3, 5, 6, 700));
	expect(note.body).toBe('x');
	const day = await read('a.md', '---\ndate: 2021-02-03\n---\nx');
	expect(day.note.createdAtMs).toBe(new Date(2021, 1, 3).getTime());
});

test.each([
	'2021-02-30',
	'2021-13-01',
	'{{date}}',
	'"[[2021-02-03]]"',
	'yesterday',
	'2021-01-01 25:00'
])('a date that is none stays in the text: %s', async (value) => {
	const { note } = await read('a.md', `---\ncreated: ${value}\n---\nx`);
	expect(note.body).toBe(`---\ncreated: ${value}\n---\nx`);
	expect(note.createdAtMs).toBe(aDay);
});

test('properties that the app does not know stay in the text, the others are taken out', async () => {
	const { note, remarks } = await read(
		'a.md',
		'---\naliases:\n  - Other\ntags: [a]\n# mine\nrating: 5\ntitle: T\n---\n\ntext'
	);
	expect(note).toMatchObject({ title: 'T', tags: ['a'] });
	expect(note.body).toContain('aliases:\n  - Other\n');
	expect(note.body).toContain('# mine\nrating: 5\n');
	expect(note.body).not.toContain('title:');
	expect(note.body).toMatch(/\n---\n\ntext$/);
	expect(remarks).toEqual([]);
});

test.each([
	['not closed', '---\ntags: [a\n---\ntext'],
	['tabs', '---\ntags:\n\t- a\n---\ntext'],
	['a key twice', '---\na: 1\na: 2\n---\ntext']
])('broken properties stay in the text and the report says so: %s', async (_, text) => {
	const { note, remark } = await read('a.md', text);
	expect(note.body).toBe(text);
	expect(remark).toMatchObject({ source: 'a.md', outcome: 'changed' });
	expect(remark.reason).toMatch(/properties at the top could not be read \(line \d is not YAML\)/);
});

test('a text between two rulers is no set of properties', async () => {
	const { note, remarks } = await read('a.md', '---\nJust a thought.\n---\nmore');
	expect(note.body).toBe('---\nJust a thought.\n---\nmore');
	expect(remarks).toEqual([]);
});

test('an alias bomb in the properties is text like any other', async () => {
	const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
	for (let i = 1; i < 12; i += 1) {
		lines.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(',')}]`);
	}
	const { note } = await read('a.md', `---\n${lines.join('\n')}\ntags: *a11\n---\nx`);
	expect(note.tags).toEqual([]);
	expect(note.body).toContain('tags: *a11');
});

test.each([
	['an empty file', 'a.md', ''],
	['a file of blank lines', 'a.md', ' \n\n'],
	['a file of understood properties only', 'a.md', '---\ntags: [x]\n---\n']
])('%s becomes a note without text and is reported', async (_, path, content) => {
	const { note, remark } = await read(path, content);
	expect(note).toMatchObject({ title: 'a', body: '' });
	expect(remark).toMatchObject({ source: path, outcome: 'changed' });
	expect(remark.reason).toMatch(/no(t| without) text|without text/);
});

test('a byte order mark is no part of the note', async () => {
	const { note, remarks } = await read('a.md', '\ufeff---\ntags: [x]\n---\nhi');
	expect(note).toMatchObject({ body: 'hi', tags: ['x'] });
	expect(remarks).toEqual([]);
});

test('lines that end as on Windows end as everywhere', async () => {
	const { note } = await read('a.md', '---\r\ntags: [x]\r\n---\r\none\r\ntwo\r\n');
	expect(note).toMatchObject({ body: 'one\ntwo\n', tags: ['x'] });
});

test('a file in UTF-16 is converted and reported', async () => {
	const text = 'Grüße 日本';
	const bytes = new Uint8Array([
		0xff,
		0xfe,
		...new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer)
	]);
	const { note, remark } = await read('a.md', bytes);
	expect(note.body).toBe(text);
	expect(remark).toMatchObject({ outcome: 'changed', reason: 'Converted from UTF-16 to UTF-8.' });
});

test.each([
	[
		'another encoding',
		Uint8Array.from([0x6f, 0x6b, 10, 0x47, 0x72, 0xfc, 0x6e]),
		/Not UTF-8 text: a character in line 2/
	],
	['a program', Uint8Array.from([0x7f, 0x45, 0, 0]), /holds zero bytes/],
	[
		'cut off within a character',
		Uint8Array.from([0xe6, 0x97]),
		/Not UTF-8 text: a character in line 1/
	]
])('a file that is not UTF-8 is left out and named: %s', async (_, bytes, reason) => {
	const { notes, remark } = await read('a/old.md', bytes);
	expect(notes).toEqual([]);
	expect(remark).toMatchObject({ source: 'a/old.md', outcome: 'skipped' });
	expect(remark.reason).toMatch(reason);
});

test('a note of 200 kB comes in whole, one over 10 MB is refused by name', async () => {
	const large = 'word '.repeat(40_000);
	expect((await read('large.md', large)).note.body).toBe(large);
	const { notes, remark } = await read('huge.md', 'x'.repeat(10_000_001));
	expect(notes).toEqual([]);
	expect(remark).toMatchObject({ source: 'huge.md', outcome: 'skipped' });
	expect(remark.reason).toMatch(/too large for a note/);
});

test('files that are no notes are listed, hidden folders in one line each', async () => {
	const { notes, remarks } = await readFiles([
		aChosenFile('.obsidian/app.json', '{}'),
		aChosenFile('.obsidian/plugins/x/main.js', ''),
		aChosenFile('a/.DS_Store', 'x'),
		aChosenFile('a/map.png', 'x'),
		aChosenFile('a/inner.zip', 'x'),
		aChosenFile('a/LICENSE', 'x'),
		aChosenFile('a/note.MD', 'x')
	]);
	expect(notes.map((note) => note.title)).toEqual(['note']);
	expect(remarks.map(({ source, outcome, files }) => [source, outcome, files])).toEqual([
		['a/map.png', 'skipped', undefined],
		['a/inner.zip', 'skipped', undefined],
		['a/LICENSE', 'skipped', undefined],
		['.obsidian/', 'skipped', 2],
		['a/.DS_Store', 'skipped', 1]
	]);
});

test('a file that the browser cannot read any more is named, the others come in', async () => {
	const gone = aChosenFile('gone.md', 'x');
	gone.file.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
	const { notes, remarks } = await readFiles([gone, aChosenFile('here.md', 'y')]);
	expect(notes.map((note) => note.title)).toEqual(['here']);
	expect(remarks).toEqual([
		{ source: 'gone.md', outcome: 'skipped', reason: 'The browser could not read it.' }
	]);
});

test('progress ends with all files read', async () => {
	const seen: number[] = [];
	const files = Array.from({ length: 40 }, (_, index) => aChosenFile(`n${index}.md`, 'x'));
	await readFiles(files, { onProgress: ({ done, total }) => seen.push(done / total) });
	expect(seen.at(-1)).toBe(1);
	expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});
