import type { ImportedNote } from '$lib/domain/import';
import type { Note } from '$lib/domain/note';
import { writeMarkdownZip } from '$lib/exporters/markdown-zip';
import { readFiles } from '$lib/importers/read-files';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filesIn } from '../../support/files-in';

// Lent for tests, not part of the repository: without it these are skipped.
const vaults = process.env.VAULTS ?? '../shared/data/vaults';

test.skipIf(!existsSync(vaults)).each([
	['jbranchaud-til', 1873],
	['obsidian-help', 377],
	['kepano-obsidian', 103]
])('the vault %s comes in with all of its %i notes', async (name, count) => {
	const chosen = await filesIn(`${vaults}/${name}`);
	const { notes, remarks } = await readFiles(chosen);
	const skipped = remarks.filter((remark) => remark.outcome === 'skipped');
	expect(notes).toHaveLength(count);
	expect(skipped.filter((remark) => remark.source.endsWith('.md'))).toEqual([]);
	const skippedFiles = skipped.reduce((sum, remark) => sum + (remark.files ?? 1), 0);
	expect(notes.length + skippedFiles).toBe(chosen.length);
	expect(remarks.filter((remark) => remark.outcome === 'changed')).toEqual([]);
	expect(notes.every((note) => note.title !== '')).toBe(true);
});

test.skipIf(!existsSync(vaults))(
	'real notes survive an export and an import as they are',
	async () => {
		const { notes } = await readFiles(await filesIn(`${vaults}/obsidian-help`));
		const stored = notes.map((note, index): Note => ({
			...note,
			id: `n${String(index).padStart(4, '0')}`,
			pinned: false,
			createdAtMs: note.createdAtMs ?? 0,
			updatedAtMs: note.updatedAtMs ?? 0,
			trashedAtMs: null
		}));
		const { blob } = await writeMarkdownZip((afterId) =>
			Promise.resolve(stored.filter(({ id }) => afterId === null || id > afterId).slice(0, 100))
		);
		const back = await readFiles([{ path: 'x.zip', file: new File([blob], 'x.zip') }]);
		expect(back.remarks).toEqual([]);
		expect(back.notes.map(withoutSource)).toEqual(notes.map(withoutSource));
	}
);

const withoutSource = (note: ImportedNote): ImportedNote => ({ ...note, source: '' });
