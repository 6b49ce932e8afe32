import { expect, test } from 'vitest';
import pairs from '../../fixtures/paraphrase-pairs.json';

const functionWords = new Set(
	`a an and are as at be been but by can could did do does for from get go goes had has have he her his how i
	if in into is it its just like make makes making me my no not of off on or our out should so some than that
	the their them then there they this to too up us want was we were what when where which while who why will
	with you your am about all after again while during does any being because`.split(/\s+/)
);

/** Words cut to their first five letters, so that `sleep` and `sleeping` count as the same. */
const contentWords = (text: string): Set<string> =>
	new Set(
		(text.toLowerCase().match(/\p{L}+/gu) ?? [])
			.filter((word) => word.length > 2 && !functionWords.has(word))
			.map((word) => word.slice(0, 5))
	);

test('there are at least sixty pairs, each of its own', () => {
	expect(pairs.length).toBeGreaterThanOrEqual(60);
	expect(new Set(pairs.map(({ query }) => query)).size).toBe(pairs.length);
	expect(new Set(pairs.map(({ title }) => title)).size).toBe(pairs.length);
});

test.each(pairs)('“$query” shares no word with “$title”', ({ query, title, body }) => {
	const words = contentWords(`${title} ${body}`);
	expect([...contentWords(query)].filter((word) => words.has(word))).toEqual([]);
});
