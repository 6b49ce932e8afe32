import { chunkNote, maxLength, maxWords, passageText, slicePassages } from '$lib/domain/chunking';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const slices = (body: string): string[] =>
	slicePassages(body).map(({ start, end }) => body.slice(start, end));

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

const prose = (sentences: number): string =>
	Array.from(
		{ length: sentences },
		(_, i) => `Sentence number ${i} tells of one small thing.`
	).join(' ');

// Pieces that make borders likely, so that random texts reach every branch of the rule.
const markdown = fc
	.array(
		fc.oneof(
			fc.string({ unit: 'grapheme', maxLength: 30 }),
			fc.constantFrom(
				'\n\n',
				'\n',
				'. ',
				'# Heading\n',
				'- item\n',
				'。',
				'、',
				'  ',
				'```\n',
				'𝒜🚲'
			),
			fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 700 }),
			fc.constant('長い文章が空白なしで続きます'.repeat(20))
		),
		{ maxLength: 25 }
	)
	.map((parts) => parts.join(''));

describe('passages', () => {
	test('hold every character that is not space exactly once, in order', () => {
		fc.assert(
			fc.property(markdown, (body) => {
				expect(slices(body).join('').replace(/\s/g, '')).toBe(body.replace(/\s/g, ''));
			})
		);
	});

	test('are never too long for the model, empty, or cut through a character', () => {
		fc.assert(
			fc.property(markdown, (body) => {
				for (const slice of slices(body)) {
					expect(slice.length).toBeGreaterThan(0);
					expect(slice.length).toBeLessThanOrEqual(maxLength);
					expect(words(slice)).toBeLessThanOrEqual(maxWords);
					expect(slice.trim()).toBe(slice);
					expect(slice.isWellFormed()).toBe(body.isWellFormed() || slice.isWellFormed());
				}
			})
		);
	});

	test('a short note is one passage, headings and all', () => {
		const body = '# One\n\nA few words.\n\n## Two\n\nA few more.';
		expect(slices(body)).toEqual([body]);
	});

	test('prose is cut after a sentence, near the target', () => {
		const parts = slices(prose(40));
		expect(parts.length).toBeGreaterThan(3);
		for (const part of parts.slice(0, -1)) {
			expect(part).toMatch(/thing\.$/);
			expect(words(part)).toBeGreaterThan(40);
		}
	});

	test('a section starts a passage of its own', () => {
		const body = `${prose(8)}\n\n## Bicycles\n\n${prose(8)}`;
		expect(slices(body).some((part) => part.startsWith('## Bicycles'))).toBe(true);
	});

	test('Japanese is cut after a full stop', () => {
		const sentence = `${'この文には空白がありません'.repeat(5)}。`;
		const parts = slices(sentence.repeat(20));
		expect(parts.length).toBeGreaterThan(2);
		for (const part of parts) expect(part.endsWith('。')).toBe(true);
	});

	test('a note ten times as long takes about ten times as many steps, not a hundred', () => {
		// 2 MB without one border: a rule that is not linear would not come back.
		const parts = slicePassages('x'.repeat(2_000_000));
		expect(parts.length).toBeGreaterThanOrEqual(2_000_000 / maxLength);
		expect(slicePassages(`a${' '.repeat(1_000_000)}b`).length).toBeLessThanOrEqual(2);
	});
});

describe('what is embedded of a note', () => {
	test('a title alone is one passage; nothing at all is none', () => {
		expect(chunkNote('Shopping', '').map(({ start, end }) => [start, end])).toEqual([[0, 0]]);
		expect(chunkNote('Shopping', '---\n').map(({ start, end }) => [start, end])).toEqual([[0, 0]]);
		expect(chunkNote('', ' \n ')).toEqual([]);
	});

	test('the title goes before each passage and signs of Markdown go away', () => {
		const body = '**Bold** and [a link](https://example.org) and [[Other|that note]]';
		expect(passageText('Title', body, { start: 0, end: body.length })).toBe(
			'Title\n\nBold and a link and that note'
		);
	});

	test('passages before an edit keep their hash, so only what changed is embedded again', () => {
		const body = `${prose(12)}\n\n# Later\n\n${prose(12)}`;
		const before = chunkNote('T', body).map(({ hash }) => hash);
		const after = chunkNote('T', `${body} One more sentence.`).map(({ hash }) => hash);
		expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
		expect(after.at(-1)).not.toBe(before.at(-1));
	});

	test('another title gives other hashes', () => {
		expect(chunkNote('A', 'text')[0]?.hash).not.toBe(chunkNote('B', 'text')[0]?.hash);
	});
});
