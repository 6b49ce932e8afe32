import { describeReach, worseQueries } from '$lib/domain/model-upgrade';
import type { Accuracy, Scores } from '$lib/domain/search-accuracy';
import { expect, test } from 'vitest';

test('a question that was missed before is not called worse', () => {
	const miss = (query: string) => ({ query, expected: 'x', got: '' });
	const scores: Scores = { hitAt1: 0, hitAt5: 0, mrrAt10: 0, p50Ms: 0, p95Ms: 0 };
	const measured = (...queries: string[]): Accuracy =>
		({ hybrid: scores, misses: queries.map(miss) }) as unknown as Accuracy;
	expect(worseQueries(measured('a', 'b'), measured('b', 'c'))).toEqual([miss('c')]);
	expect(worseQueries(null, measured('b'))).toEqual([]);
});

test('what the new model could not read is told before anybody decides', () => {
	const after = { coverage: { indexedNotes: 376, indexableNotes: 379 } } as Accuracy;
	expect(describeReach({ after, leftOut: { failed: 3, skipped: 2 } })).toBe(
		'376 of 379 notes can be found by meaning; 3 failed, beside them 2 with nothing that it can read'
	);
	expect(describeReach({ after: null })).toBe('');
});
