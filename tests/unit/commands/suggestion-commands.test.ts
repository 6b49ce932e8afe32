import { createManage } from '$lib/commands/manage';
import type { SuggestionService } from '$lib/services/suggestion-service';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';
import { aNote } from '../../support/note-builder';

const manageWith = (suggestions: Partial<SuggestionService>) =>
	createManage(fakeServices({ suggestions }));

const found = {
	...{ model: 'm', total: 10, embedded: 8, compared: 8 },
	pairs: [{ a: { noteId: 'a', title: 'A' }, b: { noteId: 'b', title: 'B' }, similarity: 0.97 }],
	tags: [{ noteId: 'c', title: 'C', tags: [{ tag: 'bike', share: 0.8 }] }]
};

test('suggestions says how much was compared and how alike is alike', async () => {
	const asked: unknown[] = [];
	const manage = manageWith({
		find: (request) => {
			asked.push(request);
			return Promise.resolve(found);
		}
	});
	const answer = await manage('suggestions --threshold 0.9 --limit 5');
	expect(answer.data).toEqual({ ...found, threshold: 0.9 });
	expect(answer.text).toMatch(/8 of 10 notes compared[^]*0\.970 +A +B[^]*C +#bike/);
	await manage('suggestions');
	expect(asked).toEqual([
		{ threshold: 0.9, limit: 5 },
		{ threshold: 0.95, limit: 50 }
	]);
	expect(await manage('suggestions --threshold 7')).toMatchObject({ ok: false });
});

test('suggest_tags proposes tags for one note', async () => {
	const tagsFor = () => Promise.resolve([{ tag: 'bike', share: 0.8 }]);
	const answer = await manageWith({ tagsFor })('suggest_tags n1');
	expect(answer.text).toBe('#bike (80 %)');
});

const done = {
	kept: aNote({ id: 'a', tags: ['x'] }),
	trashed: aNote({ id: 'b' }),
	before: aNote(),
	relinked: [{ id: 'd', title: 'List', updatedAtMs: 2, body: '[[B]]' }],
	lost: [{ id: 'c', title: 'Plan' }]
};

test('merge_notes names the note that is kept, the one in the trash, and what takes it back', async () => {
	const answer = await manageWith({ merge: () => Promise.resolve(done) })('merge_notes a b');
	expect(answer.text).toContain('[[links]] in 1 note lead nowhere without it: “Plan”');
	expect(answer.text).toContain('in 1 note are changed to lead to the kept one: “List”');
	expect(answer.data).toEqual({
		...{ keptId: 'a', trashedId: 'b', tags: ['x'] },
		undo: 'merge_notes --undo',
		linksChanged: [{ id: 'd', title: 'List' }],
		linksLost: [{ id: 'c', title: 'Plan' }]
	});
});

test('merge_notes --undo takes the last merge back and says how far', async () => {
	const manage = manageWith({
		lastMerge: () => Promise.resolve(done),
		undo: () => Promise.resolve('undone')
	});
	expect(await manage('merge_notes --undo')).toMatchObject({
		ok: true,
		data: { outcome: 'undone' }
	});
	const late = manageWith({
		lastMerge: () => Promise.resolve(done),
		undo: () => Promise.resolve('other-changed')
	});
	expect(await late('merge_notes --undo')).toMatchObject({ ok: false });
	expect(
		await manageWith({ lastMerge: () => Promise.resolve(null) })('merge_notes --undo')
	).toMatchObject({
		ok: false
	});
	for (const typed of ['merge_notes', 'merge_notes a', 'merge_notes a b --undo']) {
		expect((await manageWith({})(typed)).text).toContain('Say KEEP_ID and OTHER_ID');
	}
});
