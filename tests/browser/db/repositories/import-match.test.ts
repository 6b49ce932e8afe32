import { expect, test } from 'vitest';
import { anImportedNote } from '../../../support/note-builder';
import { createTestCore } from '../../../support/test-core';

test('a note imported again is known by its folder, title, text and tags', async () => {
	const core = await createTestCore();
	const note = anImportedNote({ title: 'Bread', body: 'Flour', tags: ['food'], path: 'kitchen' });
	expect(core.matchImport([note])).toEqual(['new']);
	await core.importNotes([note], 1);
	expect(
		core.matchImport([
			note,
			{ ...note, title: ' Bread\n', tags: ['#food', 'food'], updatedAtMs: 99 },
			{ ...note, body: 'Flour and water' },
			{ ...note, tags: [] },
			{ ...note, title: 'bread' },
			{ ...note, path: '' },
			{ ...note, body: 'x'.repeat(10_000_001) }
		])
	).toEqual(['same', 'same', 'other-text', 'other-text', 'new', 'new', 'new']);
});

test('two notes of one name are told apart, and one in the trash can be imported again', async () => {
	const core = await createTestCore();
	const first = core.create({ title: 'Bread', body: 'one', path: '' });
	core.create({ title: 'Bread', body: 'two', path: '' });
	const imported = anImportedNote({ title: 'Bread', body: 'one', tags: [], path: '' });
	expect(core.matchImport([imported])).toEqual(['same']);
	core.commit(core.writes.setTrashed(first.id, true));
	expect(core.matchImport([imported])).toEqual(['other-text']);
});
