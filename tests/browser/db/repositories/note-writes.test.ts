import { checkIntegrity } from '$lib/db/maintenance/check-integrity';
import type { Note } from '$lib/domain/note';
import { noteHash } from '$lib/domain/note-hash';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aDraft, anId, anImportedNote } from '../../../support/note-builder';
import { createTestCore, type TestCore } from '../../../support/test-core';

const list = (core: TestCore) =>
	core.list({ sort: 'title', offset: 0, limit: 100 }).notes.map(({ title }) => title);

describe('a note', () => {
	test('comes back as it was written, whatever is in it', async () => {
		const core = await createTestCore();
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (title, body) => {
				const note = core.create({ title, body, tags: ['b', '#A'] });
				const stored = core.notes.find(note.id)?.note;
				expect(stored).toEqual(note);
				expect(stored?.tags).toEqual(['A', 'b']);
			}),
			{ numRuns: 50 }
		);
	});

	test('a create sent twice makes one note', async () => {
		const core = await createTestCore();
		const draft = aDraft();
		const first = core.writes.create('w1', draft);
		const second = core.writes.create('w1', draft);
		expect(second.result).toEqual(first.result);
		expect(core.notes.count()).toBe(1);
		expect(() => core.writes.create('w2', draft)).toThrow(
			expect.objectContaining({ code: 'input-invalid' })
		);
	});

	test('a save sent twice is made once and answers the same', async () => {
		const core = await createTestCore();
		const note = core.create({ body: 'one' });
		core.writes.save({ ...save(note.id, 'two'), writeId: 'w1' });
		core.clock.advance(1_000);
		const again = core.writes.save({ ...save(note.id, 'two'), writeId: 'w1' });
		expect(again.result.note).toEqual(core.notes.find(note.id)?.note);
		expect(again.noteIds).toEqual([]);
	});

	test('every edit is later than the one before, even with a clock that goes back', async () => {
		const core = await createTestCore();
		const { id } = core.create();
		const first = core.writes.save(save(id, 'a')).result.note.updatedAtMs;
		core.clock.set(0);
		expect(core.writes.save(save(id, 'b')).result.note.updatedAtMs).toBe(first + 1);
	});

	test('the version of another tab is kept beside the one that overwrites it', async () => {
		const core = await createTestCore();
		const { id, updatedAtMs } = core.create({ title: 'Plan', body: 'base' });
		core.clock.advance(5);
		core.writes.save({ ...save(id, 'theirs'), baseUpdatedAtMs: updatedAtMs });
		const mine = { ...save(id, 'mine'), writeId: 'w9', baseUpdatedAtMs: updatedAtMs };
		const { conflictCopyId } = core.writes.save(mine).result;
		expect(core.notes.find(id)?.note.body).toBe('mine');
		expect(core.notes.find(conflictCopyId ?? '')?.note).toMatchObject({
			title: 'Plan (other version)',
			body: 'theirs'
		});
		expect(core.writes.save(mine).result.conflictCopyId).toBe(conflictCopyId);
		expect(core.notes.count()).toBe(2);
	});

	test('a note that is not there says so', async () => {
		const core = await createTestCore();
		expect(() => core.writes.save(save('nobody', 'x'))).toThrow(
			expect.objectContaining({ code: 'note-missing' })
		);
	});

	test('the hash on disk is that of the note after every kind of change', async () => {
		const core = await createTestCore();
		const { id } = core.create({ tags: ['a'] });
		core.writes.save(save(id, 'text'));
		core.writes.save({ ...save(id, 'text'), change: { pinned: true, tags: ['b'] } });
		core.writes.setTrashed(id, true);
		await core.importNotes([anImportedNote()], 7);
		const hashes = new Map(
			core.db
				.all<{ id: string; content_hash: string }>('SELECT id, content_hash FROM notes')
				.map((row) => [row.id, row.content_hash])
		);
		core.notes.eachStored(({ note }) => expect(hashes.get(note.id)).toBe(noteHash(note)));
		expect(hashes.size).toBe(2);
		core.db.run(`INSERT INTO notes_fts (notes_fts, rank) VALUES ('integrity-check', 1)`);
	});
});

describe('a note that was changed on disk behind the app’s back', () => {
	const damagedOnes = async (core: TestCore): Promise<readonly string[]> =>
		(await checkIntegrity(core.db, ['note-hashes'], false)).flatMap(({ findings }) => findings);

	test('still looks damaged after a pin, an edit and the trash; a backup’s version heals it', async () => {
		const core = await createTestCore();
		const note = core.create({ title: 'Letter', body: 'The keeper writes.', path: 'Sea' });
		core.db.run(`UPDATE notes SET body = 'The keepEr writes.', path = 'Sex' WHERE id = $id`, {
			$id: note.id
		});
		const changes = [
			() => core.writes.save({ ...save(note.id, ''), change: { pinned: true } }),
			() => core.writes.save(save(note.id, 'The keepEr writes on.')),
			() => core.writes.setTrashed(note.id, true),
			() => core.writes.setTrashed(note.id, false)
		];
		for (const change of changes) {
			change();
			expect(await damagedOnes(core)).toEqual([expect.stringContaining(note.id)]);
		}
		expect(core.notes.find(note.id)?.note.body).toBe('The keepEr writes on.');
		const [put] = core.writes.putBack([note], false).result;
		expect(await damagedOnes(core)).toEqual([]);
		// An undo does not bring the damage back.
		expect(core.writes.undoPutBack(put ? [put] : []).result.leftAlone).toEqual([note.id]);
		expect(core.notes.find(note.id)?.note).toMatchObject({ body: note.body, path: 'Sea' });
	});
});

describe('the trash', () => {
	test('hides a note from list, tags, search and export, and gives it back', async () => {
		const core = await createTestCore();
		const { id } = core.create({ title: 'Bicycle', tags: ['x'] });
		core.commit(core.writes.setTrashed(id, true));
		expect(list(core)).toEqual([]);
		expect(core.notes.tags()).toEqual([]);
		expect(core.notes.readAfter(null, 10)).toEqual([]);
		expect(find(core, 'bicycle')).toEqual([]);
		core.commit(core.writes.setTrashed(id, false));
		expect(find(core, 'bicycle')).toEqual(['Bicycle']);
		expect(core.notes.tags()).toEqual([{ tag: 'x', notes: 1 }]);
	});

	test('only what is in the trash can go for good', async () => {
		const core = await createTestCore();
		const kept = core.create();
		const gone = core.create();
		core.writes.setTrashed(gone.id, true);
		expect(core.writes.deleteForever([kept.id, gone.id, 'nobody']).result).toBe(1);
		expect(core.notes.find(gone.id)).toBeUndefined();
		expect(core.notes.find(kept.id)).toBeDefined();
		expect(core.db.get('SELECT count(*) AS n FROM chunks')).toEqual({ n: 1 });
	});
});

describe('an import', () => {
	test('takes all notes or tells why not, in the order given', async () => {
		const core = await createTestCore();
		const { outcomes } = await core.importNotes(
			[
				anImportedNote({ title: 'One', updatedAtMs: 50, createdAtMs: 40 }),
				anImportedNote({ title: 'x'.repeat(2_000) }),
				anImportedNote({ title: '日本語', path: 'a/b' })
			],
			99
		);
		expect(outcomes.map(({ id }) => id === null)).toEqual([false, true, false]);
		expect(outcomes[1]?.reason).toContain('1000');
		expect(core.notes.find(outcomes[0]?.id ?? '')?.note).toMatchObject({
			createdAtMs: 40,
			updatedAtMs: 50
		});
		expect(core.notes.find(outcomes[2]?.id ?? '')?.note).toMatchObject({
			createdAtMs: 99,
			path: 'a/b'
		});
	});

	test('that fails in the middle leaves nothing behind', async () => {
		const core = await createTestCore();
		core.db.run(`CREATE TRIGGER full BEFORE INSERT ON notes WHEN new.title = 'last'
			BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
		const notes = [anImportedNote(), anImportedNote(), anImportedNote({ title: 'last' })];
		await expect(core.importNotes(notes, 1)).rejects.toThrow('disk full');
		expect(core.notes.count()).toBe(0);
		expect(core.db.get('SELECT count(*) AS n FROM index_queue')).toEqual({ n: 0 });
	});

	test('a note of 200 kB and one without text are notes like others', async () => {
		const core = await createTestCore();
		const body = 'A sentence of a very long note. '.repeat(6_500);
		await core.importNotes([anImportedNote({ body }), anImportedNote({ title: '', body: '' })], 1);
		expect(core.notes.count()).toBe(2);
		expect(find(core, 'very long')).toHaveLength(1);
	});
});

describe('the list', () => {
	test('shows pinned notes first, then in the order asked for', async () => {
		const core = await createTestCore();
		core.create({ title: 'b', createdAtMs: 3, updatedAtMs: 1 });
		core.create({ title: 'A', createdAtMs: 1, updatedAtMs: 3 });
		core.create({ title: 'c', createdAtMs: 2, updatedAtMs: 2, pinned: true, tags: ['t'] });
		const titles = (sort: 'updated' | 'created' | 'title') =>
			core.list({ sort, offset: 0, limit: 9 }).notes.map(({ title }) => title);
		expect(titles('updated')).toEqual(['c', 'A', 'b']);
		expect(titles('created')).toEqual(['c', 'b', 'A']);
		expect(titles('title')).toEqual(['c', 'A', 'b']);
		expect(core.list({ sort: 'title', offset: 1, limit: 1 })).toMatchObject({
			total: 3,
			notes: [{ title: 'A', excerpt: expect.stringContaining('Text of') }]
		});
		expect(core.list({ sort: 'title', tag: 't', offset: 0, limit: 9 }).total).toBe(1);
		expect(core.list({ sort: 'title', pinnedOnly: true, offset: 0, limit: 9 }).total).toBe(1);
		expect(core.list({ sort: 'title', trash: true, offset: 0, limit: 9 }).total).toBe(0);
	});

	test('reads an order from its index and sorts nothing', async () => {
		const core = await createTestCore();
		for (const order of ['updated_at DESC', 'created_at DESC', 'title COLLATE NOCASE']) {
			const plan = core.db
				.all<{ detail: string }>(
					`EXPLAIN QUERY PLAN SELECT id FROM notes n WHERE n.trashed_at IS NULL
					ORDER BY n.pinned DESC, n.${order}, n.seq LIMIT 10`
				)
				.map(({ detail }) => detail)
				.join();
			expect(plan).not.toContain('TEMP B-TREE');
		}
	});
});

test('a note out of a backup takes the place of the one of today, or stands beside it', async () => {
	const core = await createTestCore();
	const old = core.create({ title: 'Old', body: 'old text' });
	core.clock.advance(10);
	core.writes.save(save(old.id, 'new text'));
	const [copy] = core.commit(core.writes.putBack([old], true));
	expect(copy?.id).not.toBe(old.id);
	const [back] = core.commit(core.writes.putBack([old], false));
	expect(back?.before?.body).toBe('new text');
	expect(core.notes.find(old.id)?.note.body).toBe('old text');
	expect(core.notes.count()).toBe(2);
});

test('what was put back can be undone, but not over an edit made since', async () => {
	const core = await createTestCore();
	const [edited, gone, trashed] = ['Edited', 'Gone', 'Trashed'].map((title) =>
		core.create({ title, body: 'then' })
	) as [Note, Note, Note];
	core.clock.advance(10);
	core.commit(core.writes.save(save(edited.id, 'today')));
	core.commit(core.writes.setTrashed(trashed.id, true));
	core.commit(core.writes.setTrashed(gone.id, true));
	core.commit(core.writes.deleteForever([gone.id]));
	const before = core.db.all('SELECT * FROM notes ORDER BY id');
	const put = core.commit(core.writes.putBack([edited, gone, trashed], false));
	expect(core.notes.count()).toBe(3);

	expect(core.commit(core.writes.undoPutBack(put))).toEqual({ undone: 3, leftAlone: [] });
	expect(core.db.all('SELECT * FROM notes ORDER BY id')).toEqual(before);

	const again = core.commit(core.writes.putBack([edited, gone], false));
	core.clock.advance(10);
	core.commit(core.writes.save(save(gone.id, 'edited after it came back')));
	expect(core.commit(core.writes.undoPutBack(again))).toEqual({ undone: 1, leftAlone: [gone.id] });
	expect(core.notes.find(gone.id)?.note.body).toBe('edited after it came back');
});

const save = (noteId: string, body: string) => ({
	writeId: anId(),
	noteId,
	change: { body },
	baseUpdatedAtMs: null
});

const find = (core: TestCore, text: string): string[] =>
	core.search({ text, mode: 'keyword', limit: 10, vector: null }).results.map(({ title }) => title);
