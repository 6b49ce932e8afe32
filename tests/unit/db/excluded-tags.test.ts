import { expect, test, vi } from 'vitest';
import { createTestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const diaries = async (count: number) => {
	const core = await createTestCore();
	const notes = Array.from({ length: count }, (_, i) =>
		core.create({ title: `Day ${i}`, body: `What I did on day ${i}.`, tags: ['Diary'] })
	);
	core.create({ title: 'Bread', body: 'Flour and water.', tags: ['food'] });
	await core.embedAll();
	return { core, notes };
};

test.each(['diary', '#DIARY', ' Diary '])(
	'the tag typed as %j leaves out every spelling of it, and tells how many notes',
	async (typed) => {
		const { core, notes } = await diaries(2);
		const [left] = await core.excluded.set([typed, '']);
		expect(left).toMatchObject({ tag: typed.trim().replace('#', ''), notes: 2 });
		for (const { id } of notes) {
			expect(core.indexing.status(id).reasons[0]?.reason).toBe('excluded');
			expect(core.embedding(id).chunks).toEqual([]);
		}
		expect(core.indexing.status(null)).toMatchObject({ indexed: 1, skipped: 2 });
	}
);

test('a note that is written later with another spelling gets no vector', async () => {
	const { core } = await diaries(1);
	await core.excluded.set(['diary']);
	const late = core.create({ title: 'Late', body: 'Another day.', tags: ['DIARY'] });
	await core.embedAll();
	expect(core.indexing.status(late.id).reasons[0]?.reason).toBe('excluded');
});

test('notes of a tag that is no longer left out are read again', async () => {
	const { core, notes } = await diaries(3);
	await core.excluded.set(['diary']);
	expect(await core.excluded.set([])).toEqual([]);
	await core.embedAll();
	expect(core.indexing.status(null).indexed).toBe(notes.length + 1);
});

test('many notes go in slices, between which others get their turn', async () => {
	const { core } = await diaries(50);
	let isDone = false;
	const setting = core.excluded.set(['diary']).then(() => (isDone = true));
	await Promise.resolve();
	const { skipped } = core.indexing.status(null);
	expect(isDone).toBe(false);
	expect(skipped).toBeLessThan(50);
	await setting;
	expect(core.indexing.status(null).skipped).toBe(50);
});

test('what a closed tab left is taken up at the next start', async () => {
	const { core } = await diaries(3);
	core.settings.set('embedding.excluded-tags', '["diary"]');
	core.refresh();
	await vi.waitFor(() => expect(core.indexing.status(null).skipped).toBe(3));
});
