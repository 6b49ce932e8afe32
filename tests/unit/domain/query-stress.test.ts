import { stressQuery } from '$lib/domain/query-stress';
import { dot, norm } from '$lib/domain/vector';
import { expect, test } from 'vitest';

const joined = (sense: number, words: number): Float32Array => {
	const vector = new Float32Array(768);
	vector[0] = sense;
	vector[767] = words;
	return vector;
};

test('a query of the joined model listens to words where they are trusted, to sense where not', () => {
	const query = joined(Math.SQRT1_2, Math.SQRT1_2);
	const bySense = joined(1, 0);
	const byWords = joined(0, 1);
	for (const [trust, nearer, farther] of [
		[0, bySense, byWords],
		[1, byWords, bySense]
	] as const) {
		const heard = stressQuery('combined-en', query, trust);
		expect(norm(heard)).toBeCloseTo(1, 6);
		expect(dot(heard, nearer)).toBeGreaterThan(2 * dot(heard, farther));
	}
});

test('the query of any other model stays as it is', () => {
	const query = Float32Array.of(0.6, 0.8);
	expect(stressQuery('use-lite', query, 0)).toBe(query);
});
