import { findMergeLinks } from '$lib/db/repositories/note-link-list';
import type { MergeDone } from '$lib/domain/merge-notes';
import type { Note } from '$lib/domain/note';
import { expect, test, vi } from 'vitest';
import { anId } from '../../support/note-builder';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const texts = {
	plan: 'First [[tube]], then [[bike/Tube#Size|its size]]; `[[Tube]]` is how one links.\r\n',
	code: '```\n[[Tube]]\n```\n',
	plain: 'Of tubes, and [[Tubes]].',
	gone: 'In the trash: [[Tube]]'
};

const filled = async (keptTitle = 'Inner tube') => {
	const core = await createTestCore();
	const keep = core.create({ title: keptTitle, body: 'Rubber; see [[Tube]].' });
	const other = core.create({ title: 'Tube', body: 'Made of rubber, and [[Tube]] too.' });
	const [plan, code, plain, gone] = Object.entries(texts).map(([title, body]) =>
		core.create({ title, body })
	);
	if (!plan || !code || !plain || !gone) throw new Error('no notes');
	core.commit(core.writes.setTrashed(gone.id, true));
	await core.embedAll();
	core.clock.advance(10);
	return { core, keep, other, plan, others: [code, plain, gone] };
};

const noteOf = (core: TestCore, { id }: Pick<Note, 'id'>): Note => {
	const found = core.notes.find(id)?.note;
	if (!found) throw new Error('the note is gone');
	return found;
};

const mergeIn = (core: TestCore, keep: Note, other: Note): MergeDone =>
	core.commit(
		core.writes.merge({
			...{ keepId: keep.id, otherId: other.id },
			...{ keepBaseMs: keep.updatedAtMs, otherBaseMs: other.updatedAtMs }
		})
	);

const write = (core: TestCore, { id }: Note, body: string): void => {
	core.clock.advance(10);
	const save = { writeId: anId(), noteId: id, baseUpdatedAtMs: null, change: { body } };
	core.commit(core.writes.save(save));
};

test('links to the note that goes lead to the kept one, and no other text is touched', async () => {
	const { core, keep, other, plan, others } = await filled();
	expect(findMergeLinks(core.db, keep, other)).toMatchObject({
		changed: [{ id: plan.id, title: 'plan' }],
		lost: []
	});
	const done = mergeIn(core, keep, other);
	expect(done.relinked.map(({ id }) => id)).toEqual([plan.id]);
	expect(noteOf(core, plan).body).toBe(
		'First [[Inner tube]], then [[Inner tube#Size|its size]]; `[[Tube]]` is how one links.\r\n'
	);
	expect(noteOf(core, plan).updatedAtMs).toBeGreaterThan(plan.updatedAtMs);
	expect(noteOf(core, keep).body).toContain('see [[Inner tube]]');
	for (const note of others) expect(noteOf(core, note).body).toBe(note.body);
	for (const note of others) expect(noteOf(core, note).updatedAtMs).toBe(note.updatedAtMs);
});

test('a link by the whole title of another note stays, though its last part is the title that goes', async () => {
	const { core, keep, other } = await filled();
	core.create({ title: 'Bike/Tube' });
	const note = core.create({ title: 'x', body: 'See [[bike/tube]] and [[car/Tube]].' });
	mergeIn(core, keep, other);
	expect(noteOf(core, note).body).toBe('See [[bike/tube]] and [[Inner tube]].');
});

test('the changed notes are stale until the model has read them again', async () => {
	const { core, keep, other, plan } = await filled();
	expect(await core.embedAll()).toBe(0);
	const sizeOf = ({ id }: Note): number =>
		core.db.get<{ n: number }>(countVectors, { $id: id })?.n ?? 0;
	expect(sizeOf(plan)).toBe(1);
	mergeIn(core, keep, other);
	expect([sizeOf(plan), sizeOf(keep)]).toEqual([0, 0]);
	expect(await core.embedAll()).toBe(2);
	expect([sizeOf(plan), sizeOf(keep)]).toEqual([1, 1]);
});

const countVectors = `
	SELECT count(*) AS n FROM chunk_vectors v JOIN chunks c ON c.id = v.chunk_id
	JOIN notes n ON n.seq = c.note_seq WHERE n.id = $id`;

test('an undo gives every text back, byte for byte', async () => {
	const { core, keep, other, plan, others } = await filled();
	const done = mergeIn(core, keep, other);
	core.clock.advance(10);
	expect(core.commit(core.writes.undoMerge(done))).toBe('undone');
	for (const note of [keep, other, plan, ...others]) {
		expect(noteOf(core, note).body).toBe(note.body);
		expect(noteOf(core, note).title).toBe(note.title);
	}
	expect(noteOf(core, other).trashedAtMs).toBeNull();
});

test('an undo leaves a text alone that was edited after its links were changed', async () => {
	const { core, keep, other, plan } = await filled();
	const done = mergeIn(core, keep, other);
	write(core, plan, 'Another plan.');
	expect(core.commit(core.writes.undoMerge(done))).toBe('kept-links');
	expect(noteOf(core, plan).body).toBe('Another plan.');
	expect(noteOf(core, keep).body).toBe(keep.body);
});

test('links are set back also when the merged note was edited since', async () => {
	const { core, keep, other, plan } = await filled();
	const done = mergeIn(core, keep, other);
	write(core, keep, 'Written afterwards.');
	expect(core.commit(core.writes.undoMerge(done))).toBe('kept-edits');
	expect(noteOf(core, plan).body).toBe(plan.body);
	expect(noteOf(core, keep).body).toBe('Written afterwards.');
});

test('a merge that fails at the last link changes no note at all', async () => {
	const { core, keep, other, plan } = await filled();
	core.db.run(
		`CREATE TRIGGER stop BEFORE UPDATE ON notes WHEN NEW.id = '${plan.id}' BEGIN SELECT RAISE(ABORT, 'no'); END`
	);
	expect(() => mergeIn(core, keep, other)).toThrow('no');
	for (const note of [keep, other, plan]) expect(noteOf(core, note)).toEqual(note);
});

test('links that cannot lead to the kept note are named before, and stay', async () => {
	const { core, keep, other, plan } = await filled('Tube | inner');
	const { changed, lost } = findMergeLinks(core.db, keep, other);
	expect({ changed, lost }).toEqual({ changed: [], lost: [{ id: plan.id, title: 'plan' }] });
	expect(mergeIn(core, keep, other).relinked).toEqual([]);
	expect(noteOf(core, plan)).toEqual(plan);
});

test.each([
	['the kept note has the same title', 'tube ', false],
	['a third note has the title', 'Inner tube', true]
])('no link is changed when %s: it goes on leading to a note', async (_, title, hasThird) => {
	const { core, keep, other, plan } = await filled(title);
	if (hasThird) core.create({ title: 'Tube', body: 'Of a telescope.' });
	expect(findMergeLinks(core.db, keep, other)).toMatchObject({ changed: [], lost: [] });
	expect(mergeIn(core, keep, other).relinked).toEqual([]);
	expect(noteOf(core, plan)).toEqual(plan);
});
