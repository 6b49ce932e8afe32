import { createManage } from '$lib/commands/manage';
import { createScaleOutService } from '$lib/services/scale-out-service';
import { newNote } from '$lib/domain/note-change';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const note = newNote({ id: 'n', title: '日本', body: '日本語の文章' }, 0);
const passages = [{ id: 1, ordinal: 0, text: '日本語の文章', vector: null }];

const exportWith = async (status: { missing: number; stale: number; failed: number } | null) => {
	const scaleOut = createScaleOutService({
		db: {
			listNotes: () => Promise.resolve({ notes: [], total: 1 }),
			readEmbeddedNotes: (afterId) =>
				Promise.resolve({
					...{ model: 'm', dimensions: 2 },
					notes: afterId === null ? [{ note, passages }] : []
				})
		},
		indexing: { status: () => (status ? Promise.resolve(status) : Promise.reject(new Error())) },
		saveFile: () => undefined,
		appVersion: '1',
		now: () => 0
	});
	return createManage(fakeServices({ scaleOut }))('export_pgvector');
};

const none = { missing: 0, stale: 0, failed: 0 };

test('a passage that the model cannot read is said to be such; nothing that will not help is advised', async () => {
	const { text, data } = await exportWith(none);
	expect(text).toContain('1 passage without a vector: the model cannot read them');
	expect(text).not.toContain('regenerate_embeddings');
	expect(Object.keys(data as object)).toEqual([
		'fileName',
		'notes',
		'passages',
		'vectors',
		'bytes'
	]);
});

test.for([{ ...none, missing: 1 }, { ...none, failed: 1 }, null])(
	'a passage that may yet get its vector is named with the way to it (%j)',
	async (status) => {
		expect((await exportWith(status)).text).toContain('regenerate_embeddings --missing-only');
	}
);
