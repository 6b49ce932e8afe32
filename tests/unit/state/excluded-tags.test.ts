import type { TagCount } from '$lib/domain/note';
import { ExcludedTagsState } from '$lib/state/excluded-tags.svelte';
import { expect, test } from 'vitest';

const kept: readonly TagCount[] = [{ tag: 'diary', notes: 3 }];

const notebook = () => {
	const fails = { reading: false, storing: false };
	let stored = kept;
	return {
		fails,
		stored: () => stored.map(({ tag }) => tag),
		excludedTags: async () =>
			fails.reading ? Promise.reject(new Error('broken')) : Promise.resolve(stored),
		setExcludedTags: async (tags: readonly string[]) => {
			if (fails.storing) return Promise.reject(new Error('broken'));
			stored = tags.map((tag) => ({ tag, notes: 1 }));
			return Promise.resolve(stored);
		}
	};
};

test('what is left out stays left out while it could not be read, and the page says so', async () => {
	const indexing = notebook();
	indexing.fails.reading = true;
	const excluded = new ExcludedTagsState(indexing);
	expect(await excluded.set([''])).toBe(false);
	await excluded.load();
	expect(excluded.loading.error).not.toBeNull();
	expect(await excluded.set([''])).toBe(false);
	expect(indexing.stored()).toEqual(['diary']);

	indexing.fails.reading = false;
	await excluded.load();
	expect(excluded.loading.error).toBeNull();
	expect(excluded.tags).toEqual(kept);
	expect(await excluded.set(['diary', 'work'])).toBe(true);
	expect(indexing.stored()).toEqual(['diary', 'work']);
});

test('a list that could not be stored is told from one that was', async () => {
	const indexing = notebook();
	const excluded = new ExcludedTagsState(indexing);
	await excluded.load();
	indexing.fails.storing = true;
	expect(await excluded.set(['work'])).toBe(false);
	expect(excluded.tags).toEqual(kept);
	expect(excluded.saving.error).not.toBeNull();
});
