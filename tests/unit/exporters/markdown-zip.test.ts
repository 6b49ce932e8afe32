import type { ImportedNote } from '$lib/domain/import';
import type { Note } from '$lib/domain/note';
import { createMarkdownFiler } from '$lib/exporters/markdown-file';
import { writeMarkdownZip } from '$lib/exporters/markdown-zip';
import { readFiles } from '$lib/importers/read-files';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const aNote = (change: Partial<Note> = {}): Note => ({
	id: 'n1',
	title: 'Soup',
	body: 'Peas',
	tags: [],
	path: '',
	pinned: false,
	createdAtMs: Date.UTC(2025, 0, 1),
	updatedAtMs: Date.UTC(2025, 0, 2, 3, 4, 5, 678),
	trashedAtMs: null,
	...change
});

const slices =
	(notes: readonly Note[], size = 3) =>
	async (afterId: string | null) => {
		const start = notes.findIndex((note) => note.id === afterId) + 1;
		return Promise.resolve(notes.slice(start, start + size));
	};

const roundTrip = async (notes: readonly Note[]) => {
	const { blob } = await writeMarkdownZip(slices(notes));
	return readFiles([{ path: 'export.zip', file: new File([blob], 'export.zip') }]);
};

const kept = ({
	title,
	body,
	tags,
	path,
	pinned,
	createdAtMs,
	updatedAtMs
}: Note | ImportedNote) => ({
	title,
	body,
	tags,
	path,
	pinned: pinned ?? false,
	createdAtMs,
	updatedAtMs
});

test('a note becomes a file that people and other programs can read', () => {
	const file = createMarkdownFiler().toFile(aNote({ path: 'kitchen', tags: ['food'] }));
	expect(file.path).toBe('kitchen/Soup.md');
	expect(file.text).toBe(
		'---\ntags: ["food"]\ncreated: 2025-01-01T00:00:00.000Z\nupdated: 2025-01-02T03:04:05.678Z\nai-notes-id: "n1"\n---\nPeas'
	);
});

test('properties that the user keeps in the text share one block with ours', () => {
	const { text } = createMarkdownFiler().toFile(aNote({ body: '---\nrating: 5\n---\nPeas' }));
	expect(text.match(/^---$/gm)).toHaveLength(2);
	expect(text).toContain('ai-notes-id: "n1"\nrating: 5\n---\nPeas');
});

test('no two notes share a file, whatever the case, and no name is unsafe', () => {
	const filer = createMarkdownFiler();
	const titles = ['Soup', 'soup', 'Soup', 'a/b: c?', '', '..', 'CON', 'x'.repeat(500), '日本'];
	const paths = titles.map((title) => filer.toFile(aNote({ title })).path);
	expect(paths.slice(0, 7)).toEqual([
		'Soup.md',
		'soup (2).md',
		'Soup (3).md',
		'a-b- c-.md',
		'Untitled.md',
		'Untitled (2).md',
		'_CON.md'
	]);
	expect(Math.max(...paths.map((path) => path.length))).toBeLessThan(140);
	expect(paths.at(-1)).toBe('日本.md');
});

const awkwardParts = [
	'---\n',
	'a: 1\n',
	'tags: [x]\n',
	'- b\n',
	'title: t\n',
	'\n',
	'\r\n',
	'text #tag',
	'# Soup\n',
	'ai-notes-id: "x"\n',
	'---',
	'\ufeff'
];

test('an exported and imported notebook is the same notebook', { timeout: 120_000 }, async () => {
	const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
	const parts = fc
		.array(fc.constantFrom(...awkwardParts), { maxLength: 6 })
		.map((each) => each.join(''));
	const block = fc
		.array(
			fc.constantFrom('a: 1\n', '# mine\n', 'b:\n  - c\n', 'd: "[[L]]" # e\n', '\n', 'tags: x\n')
		)
		.map((lines) => [...new Set(lines)].join(''));
	const body = fc.oneof(
		text,
		parts,
		fc.tuple(block, parts).map(([lines, rest]) => `---\n${lines}---\n${rest}`)
	);
	const time = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
	const title = fc.oneof(text, fc.constantFrom('Soup', 'a-slug-name', '', ' x ', 'a\nb'));
	const folder = fc.oneof(
		fc.constantFrom('a', 'B', 'c d', 'e:f', '.g'),
		text.map((part) => part.replaceAll('/', '') || 'z')
	);
	const note = fc.record({
		title,
		body,
		tags: fc.array(fc.oneof(text, fc.constantFrom('a', 'b c', '#d')), { maxLength: 3 }),
		path: fc.array(folder, { maxLength: 3 }).map((parts) => parts.join('/')),
		pinned: fc.boolean(),
		createdAtMs: time,
		updatedAtMs: time
	});
	await fc.assert(
		fc.asyncProperty(fc.array(note, { minLength: 1, maxLength: 8 }), async (drafts) => {
			const notes = drafts.map((draft, index) => aNote({ ...draft, id: `n${index}` }));
			const back = await roundTrip(notes);
			expect(back.remarks).toEqual([]);
			expect(back.notes.map(kept)).toEqual(notes.map(kept));
		}),
		{ numRuns: 80, seed: 7 }
	);
});

test('an archive of no notes is a valid, empty archive', async () => {
	const { blob, notes } = await writeMarkdownZip(slices([]));
	expect(notes).toBe(0);
	expect(await readFiles([{ path: 'e.zip', file: new File([blob], 'e.zip') }])).toMatchObject({
		notes: [],
		remarks: []
	});
});
