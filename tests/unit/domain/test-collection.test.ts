import { ndcgAt10 } from '$lib/domain/ranking-scores';
import { parseCollection, type CollectionFiles } from '$lib/domain/test-collection';
import { expect, test } from 'vitest';

const files = (change: Partial<CollectionFiles> = {}): CollectionFiles => ({
	corpus: '{"_id":"d1","title":"Bread","text":"Flour"}\n{"_id":"d2","text":"No title"}\n',
	queries: '{"_id":"q1","text":"baking"}\n{"_id":"q2","text":"nobody judged this"}\n',
	qrels: 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\n',
	...change
});

test('a folder in the layout of BEIR is read; a question without a judgement is left out', () => {
	const { documents, queries } = parseCollection(files());
	expect(documents).toEqual([
		{ id: 'd1', title: 'Bread', text: 'Flour' },
		{ id: 'd2', title: '', text: 'No title' }
	]);
	expect(queries).toEqual([
		{
			id: 'q1',
			text: 'baking',
			relevant: new Map([
				['d1', 2],
				['d2', 1]
			])
		}
	]);
});

test.each([
	[{ corpus: '' }, /corpus\.jsonl: there is no document/],
	[{ corpus: '<!doctype html>' }, /corpus\.jsonl: line 1 /],
	[{ queries: '{"_id":"q1","text":"ok"}\n{"_id":5}' }, /queries\.jsonl: line 2 /],
	[{ qrels: 'query-id\tcorpus-id\tscore\nq1 d1 2' }, /qrels\.tsv: line 2 /],
	[{ qrels: 'query-id\tcorpus-id\tscore\nother\td1\t1' }, /no question in it has a judgement/]
])('another layout is refused with the file and the line: %o', (change, message) => {
	expect(() => parseCollection(files(change))).toThrow(message);
});

test('nDCG@10 is 1 for the best order, falls with each place, and is 0 when nothing was found', () => {
	const relevant = new Map([
		['a', 2],
		['b', 1]
	]);
	expect(ndcgAt10(['a', 'b'], relevant)).toBe(1);
	expect(ndcgAt10(['b', 'a'], relevant)).toBeCloseTo(
		(1 + 2 / Math.log2(3)) / (2 + 1 / Math.log2(3)),
		12
	);
	expect(ndcgAt10(['x', 'y'], relevant)).toBe(0);
	expect(ndcgAt10([...'0123456789', 'a'], relevant)).toBe(0);
	expect(ndcgAt10(['a'], new Map())).toBe(0);
});
