import type { Note } from '$lib/domain/note';
import type { SuggestionDeps } from '$lib/services/suggestion-service';
import { createSuggestionService } from '$lib/services/suggestion-service';
import { AppError } from '$lib/shared/app-error';
import { expect, test, vi } from 'vitest';
import { anId } from '../../support/note-builder';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const serviceOf = (core: TestCore, change: Partial<SuggestionDeps['notes']> = {}) => {
	const notes: SuggestionDeps['notes'] = {
		get: async (id) => Promise.resolve(core.notes.find(id)?.note ?? null),
		save: async (noteId, fields, baseUpdatedAtMs) => {
			core.clock.advance(1);
			const save = { writeId: anId(), noteId, change: fields, baseUpdatedAtMs };
			return Promise.resolve(core.commit(core.writes.save(save)));
		},
		trash: async (id) => Promise.resolve(core.commit(core.writes.setTrashed(id, true))),
		untrash: async (id) => Promise.resolve(core.commit(core.writes.setTrashed(id, false))),
		...change
	};
	const db: SuggestionDeps['db'] = {
		findSuggestions: async (request, onProgress) => core.suggester.find(request, onProgress),
		cancelSuggestions: async () => Promise.resolve(core.suggester.cancel()),
		suggestTags: async (id) => Promise.resolve(core.suggester.tagsFor(id, core.related(id, 10)))
	};
	return createSuggestionService({ db, notes });
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
	expect(noteOf(core, first.id)).toMatchObject({ body: second.body, tags: ['bike', 'home'] });
	expect(noteOf(core, second.id)).toMatchObject({ body: second.body, tags: ['home'] });
	expect(noteOf(core, second.id)?.trashedAtMs).not.toBeNull();
	expect(await service.undo(done)).toBe('undone');
	expect(noteOf(core, first.id)).toMatchObject({ body: first.body, tags: ['bike'] });
	expect(noteOf(core, second.id)).toMatchObject({ body: second.body, trashedAtMs: null });
});

test('an undo does not overwrite what was written after the merge', async () => {
	const { core, first, second } = await filled();
	const service = serviceOf(core);
	const done = await service.merge(first.id, second.id);
	core.clock.advance(10);
	const save = { writeId: anId(), noteId: first.id, baseUpdatedAtMs: null };
	core.commit(core.writes.save({ ...save, change: { body: 'Written afterwards.' } }));
	expect(await service.undo(done)).toBe('kept-edits');
	expect(noteOf(core, first.id)?.body).toBe('Written afterwards.');
	expect(noteOf(core, second.id)).toMatchObject({ body: second.body, trashedAtMs: null });
});

test('a merge that fails half-way leaves both texts outside the trash', async () => {
	const { core, first, second } = await filled();
	const full = () => Promise.reject(new AppError('storage-full', 'The disk is full.'));
	await expect(serviceOf(core, { trash: full }).merge(first.id, second.id)).rejects.toMatchObject({
		code: 'storage-full'
	});
	expect(noteOf(core, second.id)).toMatchObject({ body: second.body, trashedAtMs: null });
	await expect(serviceOf(core, { save: full }).merge(first.id, second.id)).rejects.toMatchObject({
		code: 'storage-full'
	});
	expect(noteOf(core, second.id)?.trashedAtMs).toBeNull();
	await expect(serviceOf(core).merge(first.id, first.id)).rejects.toMatchObject({
		code: 'input-invalid'
	});
});

test('a note that is edited while it is merged stays outside the trash', async () => {
	const { core, first, second } = await filled();
	const trash = async (id: string): Promise<Note> => {
		core.clock.advance(10);
		const save = { writeId: anId(), noteId: id, baseUpdatedAtMs: null };
		core.commit(core.writes.save({ ...save, change: { body: 'Typed in another tab.' } }));
		return Promise.resolve(core.commit(core.writes.setTrashed(id, true)));
	};
	await expect(serviceOf(core, { trash }).merge(first.id, second.id)).rejects.toMatchObject({
		code: 'busy'
	});
	expect(noteOf(core, second.id)).toMatchObject({
		...{ body: 'Typed in another tab.', trashedAtMs: null }
	});
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
