import { findMergeLinks } from '$lib/db/repositories/note-link-list';
import type { Note } from '$lib/domain/note';
import type { SuggestionDeps } from '$lib/services/suggestion-service';
import { createSuggestionService } from '$lib/services/suggestion-service';
import { AppError } from '$lib/shared/app-error';
import { expect, test, vi } from 'vitest';
import { anId } from '../../support/note-builder';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const serviceOf = (core: TestCore, change: Partial<SuggestionDeps> = {}) => {
	const notes: SuggestionDeps['notes'] = {
		get: async (id) => Promise.resolve(core.notes.find(id)?.note ?? null),
		save: async (noteId, fields, baseUpdatedAtMs) => {
			core.clock.advance(1);
			const save = { writeId: anId(), noteId, change: fields, baseUpdatedAtMs };
			return Promise.resolve(core.commit(core.writes.save(save)));
		}
	};
	const db: SuggestionDeps['db'] = {
		findSuggestions: async (request, onProgress) => core.suggester.find(request, onProgress),
		cancelSuggestions: async () => Promise.resolve(core.suggester.cancel()),
		suggestTags: async (id) => Promise.resolve(core.suggester.tagsFor(id, core.related(id, 10))),
		listMergeLinks: async (...ids) => {
			const [keep, other] = ids.map((id) => core.notes.find(id)?.note);
			if (!keep || !other) throw new AppError('note-missing', 'There is no such note.');
			const { changed, lost } = findMergeLinks(core.db, keep, other);
			return Promise.resolve({ changed, lost });
		},
		mergeNotes: async (order) =>
			Promise.resolve(order).then((it) => core.commit(core.writes.merge(it))),
		undoMerge: async (done) => Promise.resolve(core.commit(core.writes.undoMerge(done)))
	};
	return createSuggestionService({ db, notes, flush: async () => Promise.resolve(), ...change });
};

/** Somebody else writes this, now. */
const write = (core: TestCore, noteId: string, body: string): void => {
	core.clock.advance(10);
	core.commit(
		core.writes.save({ writeId: anId(), noteId, baseUpdatedAtMs: null, change: { body } })
	);
};

const request = { threshold: 0.95, limit: 50 };
const noteOf = (core: TestCore, id: string): Note | undefined => core.notes.find(id)?.note;

const filled = async () => {
	const core = await createTestCore();
	const text = 'Mend a flat tyre with a patch, glue and patience on the kitchen table.';
	const first = core.create({ title: 'Tyre', body: text, tags: ['bike'] });
	const second = core.create({ title: 'Tyre', body: `${text} Slowly.`, tags: ['home'] });
	core.create({ title: 'Bread', body: 'Flour, water, salt and a night of rest.' });
	core.create({ title: 'Unread' });
	await core.embedAll();
	return { core, first, second };
};

test('notes that are nearly the same are found, and how many were compared is told', async () => {
	const { core, first, second } = await filled();
	core.create({ title: 'Not read yet' });
	const found = await serviceOf(core).find(request);
	expect(found).toMatchObject({ total: 5, embedded: 4, compared: 4 });
	expect(found.pairs).toHaveLength(1);
	expect([found.pairs[0]?.a.noteId, found.pairs[0]?.b.noteId]).toEqual([first.id, second.id]);
	expect(found.pairs[0]?.similarity).toBeGreaterThan(0.95);
	expect((await serviceOf(core).find({ ...request, threshold: 1.01 })).pairs).toEqual([]);
});

test('a merge keeps both texts and all tags, and its undo gives both notes back', async () => {
	const { core, first, second } = await filled();
	const service = serviceOf(core);
	const done = await service.merge(first.id, second.id);
	expect(noteOf(core, first.id)).toMatchObject({
		body: `${first.body}\n\n---\n\n${second.body}`,
		tags: ['bike', 'home']
	});
	expect(noteOf(core, second.id)).toMatchObject({ body: second.body, tags: ['home'] });
	expect(noteOf(core, second.id)?.trashedAtMs).not.toBeNull();
	expect(await service.lastMerge()).toEqual(done);
	expect(await service.undo(done)).toBe('undone');
	expect(noteOf(core, first.id)).toMatchObject({ body: first.body, tags: ['bike'] });
	expect(noteOf(core, second.id)).toMatchObject({ body: second.body, trashedAtMs: null });
	expect(await service.lastMerge()).toBeNull();
});

test('a pin of the other note goes over, and an undo takes it back', async () => {
	const { core, first, second } = await filled();
	const change = { pinned: true };
	core.writes.save({ writeId: anId(), noteId: second.id, baseUpdatedAtMs: null, change });
	const service = serviceOf(core);
	const done = await service.merge(first.id, second.id);
	expect(noteOf(core, first.id)?.pinned).toBe(true);
	await service.undo(done);
	expect(noteOf(core, first.id)?.pinned).toBe(false);
	expect(noteOf(core, second.id)?.pinned).toBe(true);
});

test('an undo does not overwrite what was written after the merge', async () => {
	const { core, first, second } = await filled();
	const service = serviceOf(core);
	const done = await service.merge(first.id, second.id);
	write(core, first.id, 'Written afterwards.');
	expect(await service.undo(done)).toBe('kept-edits');
	expect(noteOf(core, first.id)?.body).toBe('Written afterwards.');
	expect(noteOf(core, second.id)).toMatchObject({ body: second.body, trashedAtMs: null });
});

test('an undo takes no text out of the merged note that stands nowhere else', async () => {
	const { core, first, second } = await filled();
	const service = serviceOf(core);
	const done = await service.merge(first.id, second.id);
	core.commit(core.writes.deleteForever([second.id]));
	expect(await service.undo(done)).toBe('other-changed');
	expect(noteOf(core, first.id)?.body).toContain(second.body);
	expect(noteOf(core, first.id)?.body).toBe(done.kept.body);
});

test.each(['first', 'second'] as const)(
	'while the %s note is edited nothing is merged, and no copy is made',
	async (edited) => {
		const notes = await filled();
		const { core, first, second } = notes;
		const before = core.list({ sort: 'title', offset: 0, limit: 50 }).total;
		const stale = serviceOf(core, {
			notes: {
				get: async (id) => {
					const found = noteOf(core, id) ?? null;
					if (id === second.id) write(core, notes[edited].id, 'Typed meanwhile.');
					return Promise.resolve(found);
				},
				save: () => Promise.reject(new AppError('unknown', 'Nothing is saved by a merge.'))
			}
		});
		await expect(stale.merge(first.id, second.id)).rejects.toMatchObject({ code: 'busy' });
		const texts = { first: first.body, second: second.body, [edited]: 'Typed meanwhile.' };
		expect(noteOf(core, first.id)).toMatchObject({ body: texts.first, trashedAtMs: null });
		expect(noteOf(core, second.id)).toMatchObject({ body: texts.second, trashedAtMs: null });
		expect(core.list({ sort: 'title', offset: 0, limit: 50 }).total).toBe(before);
		expect(await stale.lastMerge()).toBeNull();
	}
);

test('nothing is merged while a typed text is not on disk, nor a note with itself', async () => {
	const { core, first, second } = await filled();
	const flush = () => Promise.reject(new AppError('busy', 'The text of a note is not saved yet.'));
	await expect(serviceOf(core, { flush }).merge(first.id, second.id)).rejects.toMatchObject({
		code: 'busy'
	});
	expect(noteOf(core, first.id)).toEqual(first);
	expect(noteOf(core, second.id)).toEqual(second);
	await expect(serviceOf(core).merge(first.id, first.id)).rejects.toMatchObject({
		code: 'input-invalid'
	});
});

test('what is typed reaches the disk before its note is merged', async () => {
	const { core, first, second } = await filled();
	const flush = async () => Promise.resolve(write(core, second.id, 'The last words.'));
	await serviceOf(core, { flush }).merge(first.id, second.id);
	expect(noteOf(core, first.id)?.body).toContain('The last words.');
});

test('a note gets the tags that the notes near it have, when they are asked for', async () => {
	const core = await createTestCore();
	for (let i = 0; i < 4; i += 1) {
		core.create({ title: `Tyre ${i}`, body: 'flat tyre patch glue', tags: ['bike'] });
	}
	const bare = core.create({ title: 'Tyre again', body: 'flat tyre patch glue' });
	await core.embedAll();
	const service = serviceOf(core);
	expect((await service.tagsFor(bare.id)).map(({ tag }) => tag)).toEqual(['bike']);
	const { tags } = await service.find(request);
	expect(tags.map(({ noteId }) => noteId)).toEqual([bare.id]);
	await service.addTags(bare.id, ['bike']);
	expect(noteOf(core, bare.id)?.tags).toEqual(['bike']);
	expect(await service.tagsFor(bare.id)).toEqual([]);
});

test('the comparison can be ended, and tells how far it is', async () => {
	const { core } = await filled();
	const stop = new AbortController();
	const steps: string[] = [];
	const finding = serviceOf(core).find(request, {
		signal: stop.signal,
		onProgress: ({ step }) => {
			steps.push(step);
			stop.abort();
		}
	});
	await expect(finding).rejects.toMatchObject({ code: 'cancelled' });
	expect(steps[0]).toBe('Reading the vectors');
});

test('a pair is found also when one of the two has many that are nearer', async () => {
	const core = await createTestCore();
	const text = 'Mend a flat tyre with a patch, glue and patience on the kitchen table.';
	for (let i = 0; i < 9; i += 1) core.create({ title: 'Tyre', body: text });
	const apart = core.create({ title: 'Tyre', body: `${text} Slowly.` });
	await core.embedAll();
	const { pairs } = await serviceOf(core).find({ threshold: 0.9, limit: 100 });
	expect(pairs.filter(({ b }) => b.noteId === apart.id).length).toBeGreaterThan(0);
	const names = pairs.map(({ a, b }) => [a.noteId, b.noteId].sort().join());
	expect(new Set(names).size).toBe(names.length);
});

test('what a merge would do to links is asked for the note that goes, not for the one that is kept', async () => {
	const { core, first } = await filled();
	const tube = core.create({ title: 'Tube' });
	const plan = core.create({ title: 'Plan', body: 'See [[Tube]].' });
	const suggestions = serviceOf(core);
	const changed = [{ id: plan.id, title: 'Plan' }];
	expect(await suggestions.linksOf(first.id, tube.id)).toEqual({ changed, lost: [] });
	expect(await suggestions.linksOf(tube.id, first.id)).toEqual({ changed: [], lost: [] });
});
