import { isEmptyQuery, matchAny, matchAnyPrefix, parseQuery } from '$lib/domain/search-query';
import { describe, expect, test } from 'vitest';

describe('what is sought', () => {
	test.each([
		['how do I fix my bike', ['fix', 'bike']],
		['The Bike the bike', ['bike']],
		['to be or not to be', ['to', 'be', 'or', 'not']],
		["don't panic", ['panic']],
		['C++ "quoted" (NOT) x*', ['c', 'quoted', 'x']],
		['Straße über', ['straße', 'über']]
	])('%j seeks %j', (text, words) => {
		expect(parseQuery(text).words).toEqual(words);
	});

	test('Japanese and Chinese are cut into words of their own', () => {
		expect(parseQuery('自転車の修理').pieces).toEqual(['自転車', '修理']);
		expect(parseQuery('SQLite 自転車')).toEqual({ words: ['sqlite'], pieces: ['自転車'] });
	});

	test('signs alone seek nothing', () => {
		expect(isEmptyQuery(parseQuery('?! "*" ()'))).toBe(true);
	});

	test('a whole page pasted into the box stays a query', () => {
		const { words } = parseQuery('unusual word '.repeat(10_000));
		expect(words).toEqual(['unusual', 'word']);
		expect(parseQuery(Array.from({ length: 500 }, (_, i) => `w${i}`).join(' ')).words).toHaveLength(
			32
		);
	});
});

test('words are quoted, and only the last one may go on', () => {
	expect(matchAny(['fix', 'bike'])).toBe('"fix" OR "bike"');
	expect(matchAnyPrefix(['fix', 'bik'])).toBe('"fix" OR "bik"*');
});
