import { pageReasons } from '$lib/domain/index-rules';
import type { EmbeddingReason, EmbeddingStatus } from '$lib/domain/indexing';
import { reasonsPerPage, UnindexedList } from '$lib/state/embeddings-unindexed.svelte';
import { expect, test } from 'vitest';

const reasonsOf = (count: number, reason: EmbeddingReason['reason']): EmbeddingReason[] =>
	Array.from({ length: count }, (_, i) => ({
		...{ noteId: `${reason}-${i}`, title: `Note ${i}`, reason, message: '' }
	}));

const statusOf = (reasons: readonly EmbeddingReason[]): EmbeddingStatus => ({
	...{ model: 'm', total: 500, indexed: 500 - reasons.length },
	...{ missing: reasons.length, stale: 0, failed: 0, skipped: 0, unreadablePassages: 0, reasons }
});

const listOf = (first: readonly EmbeddingReason[]) => {
	let reasons = first;
	const list = new UnindexedList((query) => Promise.resolve(pageReasons(statusOf(reasons), query)));
	return { list, become: (next: readonly EmbeddingReason[]) => (reasons = next) };
};

test('each reason has pages of its own, and another reason begins at the first', async () => {
	const { list } = listOf([...reasonsOf(120, 'no-vector'), ...reasonsOf(3, 'failed')]);
	await list.load();
	await list.turn(1);
	await list.turn(1);
	expect(list.offset).toBe(2 * reasonsPerPage);
	expect(list.page?.reasons).toHaveLength(23);
	await list.filter('failed');
	expect(list.offset).toBe(0);
	expect(list.page).toMatchObject({ total: 3, byReason: { 'no-vector': 120, failed: 3 } });
});

test('when the work has emptied the page in view, the last one that is left is shown', async () => {
	const { list, become } = listOf(reasonsOf(120, 'no-vector'));
	await list.load();
	await list.turn(2);
	become(reasonsOf(60, 'no-vector'));
	await list.load();
	expect(list.offset).toBe(reasonsPerPage);
	expect(list.page?.reasons).toHaveLength(10);
	become([]);
	await list.load();
	expect(list.page?.reasons).toEqual([]);
	expect(list.offset).toBe(0);
});

test('what has nothing to read is not chosen with its page', async () => {
	const { list } = listOf([...reasonsOf(2, 'changed'), ...reasonsOf(2, 'empty')]);
	await list.load();
	list.choosePage();
	expect([...list.chosen]).toEqual(['changed-0', 'changed-1']);
	list.choose('changed-0', false);
	expect([...list.chosen]).toEqual(['changed-1']);
});
