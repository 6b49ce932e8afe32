import { toVersionKey } from '$lib/domain/embedding-version';
import { createSearchService, type SearchService } from '$lib/services/search-service';
import { expect, test, vi } from 'vitest';
import { createTestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

/** The search of a notebook with one note about cake; without a model, or with one that can read nothing. */
const withModel = async (model: 'gone' | 'reads nothing'): Promise<SearchService> => {
	const core = await createTestCore();
	core.create({ title: 'Sunday', body: 'Bake a cake.' });
	await core.embedAll();
	return createSearchService({
		db: {
			search: async (request) => Promise.resolve(core.search(request)),
			relatedNotes: async (noteId, limit) => Promise.resolve(core.related(noteId, limit))
		},
		embedQuery: async () => Promise.resolve(null),
		versionKey: () => (model === 'gone' ? null : toVersionKey(core.embedder.version)),
		record: () => undefined,
		now: () => 0
	});
};

test.each(['semantic', 'hybrid'] as const)(
	'without a model a %s search falls back to words, and its answer tells that',
	async (mode) => {
		const { search } = await withModel('gone');
		const { results, mode: ran } = await search('cake', { mode, limit: 5 });
		expect(results.map(({ title }) => title)).toEqual(['Sunday']);
		expect(ran).toBe('keyword');
	}
);

test('what the running model cannot read finds nothing by meaning', async () => {
	const { search } = await withModel('reads nothing');
	expect(await search('cake', { mode: 'semantic', limit: 5 })).toMatchObject({
		results: [],
		mode: 'semantic'
	});
});
