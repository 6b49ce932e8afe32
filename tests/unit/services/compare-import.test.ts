import type { ImportedNote, ImportMatch, ImportPreview } from '$lib/domain/import';
import { compareImport } from '$lib/services/compare-import';
import { expect, test } from 'vitest';

const anImported = (title: string): ImportedNote => ({
	source: `${title}.md`,
	title,
	body: 'text',
	tags: [],
	path: '',
	createdAtMs: null,
	updatedAtMs: null
});

const compare = async (
	preview: Omit<ImportPreview, 'totalBytes'>,
	answers: Readonly<Record<string, ImportMatch>>
) =>
	compareImport(
		{
			matchImport: (notes) => Promise.resolve(notes.map(({ title }) => answers[title] ?? 'new'))
		},
		{ totalBytes: 0, ...preview }
	);

test('a note that the notebook has is left out and named, whatever was said of it before', async () => {
	const remarks = [
		{ source: 'a.md', outcome: 'changed', reason: 'Converted.' },
		{ source: 'x.png', outcome: 'skipped', reason: 'A picture.' }
	] as const;
	const notes = ['a', 'b'].map(anImported);
	const preview = await compare({ notes, remarks }, { a: 'same' });
	expect(preview.notes.map(({ title }) => title)).toEqual(['b']);
	expect(preview.known).toBe(1);
	expect(preview.remarks).toEqual([
		remarks[1],
		{
			source: 'a.md',
			outcome: 'skipped',
			reason: 'Your notebook has it already, word for word.'
		}
	]);
});

test('a note that differs from its namesake is taken beside it, and that is said', async () => {
	const notes = [anImported('a')];
	const preview = await compare({ notes, remarks: [] }, { a: 'other-text' });
	expect(preview.notes).toEqual(notes);
	expect(preview.remarks).toEqual([
		{ source: 'a.md', outcome: 'taken', reason: expect.stringContaining('both are kept') }
	]);
});

test('many notes are compared in batches, each with its own answer', async () => {
	const notes = Array.from({ length: 450 }, (_, index) => anImported(`n${index}`));
	const preview = await compare({ notes, remarks: [] }, { n3: 'same', n449: 'same' });
	expect(preview.notes).toHaveLength(448);
	expect(preview.remarks.map(({ source }) => source)).toEqual(['n3.md', 'n449.md']);
});
