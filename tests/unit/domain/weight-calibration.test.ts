import { chooseWeight } from '$lib/domain/weight-calibration';
import { similarityFloor } from '$lib/domain/meaning-weight';
import { expect, test } from 'vitest';

const tried = (scores: Readonly<Record<string, number>>) =>
	Object.entries(scores).map(([weight, mrrAt10]) => ({ weight: Number(weight), mrrAt10 }));

test.each([
	['stays when nothing is clearly better', { 0: 0.5, 0.25: 0.6, 0.3: 0.604 }, 0.5, 0.25],
	['moves to what is clearly better', { 0: 0.5, 0.25: 0.6, 0.4: 0.62 }, 0.5, 0.4],
	['goes to the nearest of equals', { 0.1: 0.7, 0.25: 0.6, 0.3: 0.7, 0.5: 0.7 }, 0.5, 0.3],
	['is never one that finds worse than words', { 0: 0.5, 0.1: 0.49, 0.25: 0.4 }, 0.5, 0],
	['is the smallest where all find worse than words', { 0: 0.4, 0.1: 0.45, 0.25: 0.3 }, 0.5, 0]
])('the weight %s', (_, scores, words, expected) => {
	expect(chooseWeight(tried(scores), 0.25, words)).toBe(expected);
});

test('a model that nobody measured has no floor', () => {
	expect(similarityFloor('my-own-model')).toBe(0);
	expect(similarityFloor('combined-en')).toBeGreaterThan(0);
});
