import { cleanBody, cleanTags, cleanText, cleanTitle } from '$lib/domain/note-text';
import { toExcerpt, toPlainText } from '$lib/domain/markdown-text';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('what is stored is what is shown', () => {
	test('signs that the database would lose are replaced before', () => {
		expect(cleanText('\uFEFF\uFEFFtext')).toBe('text');
		expect(cleanText('a\0b')).toBe('a\uFFFDb');
		expect(cleanText('half \ud83d')).toBe('half \uFFFD');
	});

	test('cleaning twice changes nothing more', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				expect(cleanText(cleanText(text))).toBe(cleanText(text));
			})
		);
	});

	test('a title is one line and has a limit', () => {
		expect(cleanTitle('  two\r\nlines ')).toBe('two lines');
		expect(() => cleanTitle('x'.repeat(1_001))).toThrow(
			expect.objectContaining({ code: 'input-too-large' })
		);
	});

	test('a body of more than 10 MB is refused, counted as it is stored', () => {
		expect(cleanBody('x'.repeat(10_000_000))).toHaveLength(10_000_000);
		expect(() => cleanBody('本'.repeat(3_400_000))).toThrow(
			expect.objectContaining({ code: 'input-too-large' })
		);
	});
});

describe('tags', () => {
	test('lose their sign, their repeats and their order', () => {
		expect(cleanTags(['#bike', ' Bike ', 'apple', '', '#'])).toEqual(['apple', 'bike']);
	});

	test('more than 200 are refused', () => {
		const many = Array.from({ length: 201 }, (_, i) => `tag${i}`);
		expect(() => cleanTags(many)).toThrow(expect.objectContaining({ code: 'input-too-large' }));
	});
});

describe('what a reader sees of Markdown', () => {
	test.each([
		['# Title\n\ntext', 'Title text'],
		['- [x] done\n- open', 'done open'],
		['![alt](a.png) and `code`', 'alt and code'],
		['> quoted\n\n---\n\nrest', 'quoted rest'],
		['| a | b |\n|---|---|\n| 1 | 2 |', 'a b 1 2'],
		['snake_case stays, *this* does not', 'snake_case stays, this does not'],
		['3 * 4 = 12', '3 * 4 = 12'],
		['```js\nlet a = 1;\n```', 'let a = 1;']
	])('%j reads %j', (markdown, text) => {
		expect(toPlainText(markdown)).toBe(text);
	});

	test.each([
		['---\naliases:\n  - Sync\npublish: true\n---\n\nKeeps notes equal.', 'Keeps notes equal.'],
		['---\npublish: true\n---\n', 'publish: true'],
		['---\nA line between two rulers.\n---\nrest', 'A line between two rulers. rest']
	])('an excerpt begins with the words of the note, not with its properties: %j', (body, text) => {
		expect(toExcerpt(body)).toBe(text);
	});

	test('an excerpt is at most 160 characters and never half a character', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (body) => {
				expect(toExcerpt(body).length).toBeLessThanOrEqual(160);
				expect(toExcerpt(body).isWellFormed()).toBe(true);
			})
		);
		expect(toExcerpt('🚲'.repeat(200)).isWellFormed()).toBe(true);
	});
});
