import type { RelatedNote } from '$lib/domain/search';
import type { IndexingService } from '$lib/services/indexing-service';
import type { SearchService } from '$lib/services/search-service';
import { RelatedState } from '$lib/state/search-related.svelte';
import { expect, test, vi } from 'vitest';

test('related notes are shown although their tags could not be asked for', async () => {
	const near = [{ noteId: 'b' }] as unknown as readonly RelatedNote[];
	const search = { related: async () => Promise.resolve(near) } as unknown as SearchService;
	const indexing = {
		progress: { pendingNotes: 0 },
		onChanged: () => () => undefined
	} as unknown as IndexingService;
	const tagsFor = async () => Promise.reject(new Error('Failed to fetch a module.'));
	const related = new RelatedState(search, indexing, { tagsFor });
	related.show('a');
	await vi.waitFor(() => expect(related.notes ?? related.error).not.toBeNull());
	expect(related.error).toBeNull();
	expect(related.notes).toEqual(near);
	expect(related.tags).toEqual([]);
});
