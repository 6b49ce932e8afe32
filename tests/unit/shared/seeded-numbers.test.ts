import { seededNumbers, shuffled } from '$lib/shared/seeded-numbers';
import { expect, test } from 'vitest';

const letters = [...'abcdefghij'];

test('a shuffle takes each once, the same for the same seed, and leaves what it was given', () => {
	const first = [...shuffled(letters, seededNumbers(7))];
	expect(first.toSorted()).toEqual(letters);
	expect(first).not.toEqual(letters);
	expect([...shuffled(letters, seededNumbers(7))]).toEqual(first);
	expect(letters.join('')).toBe('abcdefghij');
});

test('who takes only the first few draws no more than these', () => {
	let draws = 0;
	const rest = shuffled(letters, () => {
		draws += 1;
		return 0.5;
	});
	rest.next();
	rest.next();
	expect(draws).toBe(2);
	expect([...shuffled([], seededNumbers(1))]).toEqual([]);
});
