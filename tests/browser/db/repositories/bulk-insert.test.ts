import { describe, expect, test } from 'vitest';
import { anImportedNote } from '../../../support/note-builder';
import { createTestCore, type TestCore } from '../../../support/test-core';

const schemaOf = (core: TestCore): readonly object[] =>
	core.db.all('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name');

const found = (core: TestCore, text: string): readonly string[] =>
	core
		.search({ text, mode: 'keyword', vector: null, limit: 10 })
		.results.map(({ title }) => title)
		.sort();

const checkWords = (core: TestCore): void => {
	core.db.run(`INSERT INTO notes_fts (notes_fts, rank) VALUES ('integrity-check', 1)`);
};

describe('many notes written at once', () => {
	test('are found by their words and tags, and so is the next note written alone', async () => {
		const core = await createTestCore();
		const before = schemaOf(core);
		await core.importNotes(
			[
				anImportedNote({ title: 'One', body: 'about a heron', tags: ['birds', 'lake'] }),
				anImportedNote({ title: 'Two', body: 'another heron', tags: ['birds'], pinned: true })
			],
			1
		);
		core.create({ title: 'Three', body: 'a third heron', tags: ['lake'] });
		expect(found(core, 'heron')).toEqual(['One', 'Three', 'Two']);
		expect(core.notes.tags()).toEqual([
			{ tag: 'birds', notes: 2 },
			{ tag: 'lake', notes: 2 }
		]);
		expect(core.list({ sort: 'title', pinnedOnly: true, offset: 0, limit: 9 }).total).toBe(1);
		checkWords(core);
		expect(schemaOf(core)).toEqual(before);
	});

	test('leave the notebook as it was when one of them cannot be written', async () => {
		const core = await createTestCore();
		core.create({ title: 'Old', body: 'about a stork' });
		core.db.run(`CREATE TRIGGER full BEFORE INSERT ON notes WHEN new.title = 'last'
			BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
		const before = schemaOf(core);
		const notes = [anImportedNote({ body: 'a stork' }), anImportedNote({ title: 'last' })];
		await expect(core.importNotes(notes, 1)).rejects.toThrow('disk full');
		expect(schemaOf(core)).toEqual(before);
		expect(found(core, 'stork')).toEqual(['Old']);
		core.create({ title: 'New', body: 'a stork again' });
		expect(found(core, 'stork')).toEqual(['New', 'Old']);
		checkWords(core);
	});
});
