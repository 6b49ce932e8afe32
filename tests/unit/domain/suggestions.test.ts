import { mergeNotes } from '$lib/domain/merge-notes';
import { proposeTags } from '$lib/domain/suggestions';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aNote } from '../../support/note-builder';

describe('tags from the neighbours of a note', () => {
	test('those that half of the neighbourhood has, the surest first, and none that it has', () => {
		const neighbours = [
			{ tags: ['bike', 'home', 'mine'], similarity: 0.9 },
			{ tags: ['bike', 'home', 'mine'], similarity: 0.8 },
			{ tags: ['bike'], similarity: 0.7 },
			{ tags: ['tax'], similarity: 0.3 }
		];
		expect(proposeTags(['mine'], neighbours).map(({ tag }) => tag)).toEqual(['bike', 'home']);
		expect(proposeTags(['mine'], neighbours)[0]?.share).toBeCloseTo(2.4 / 2.7);
	});

	test('one neighbour alone proposes nothing, and neither do none', () => {
		expect(proposeTags([], [{ tags: ['bike'], similarity: 0.9 }])).toEqual([]);
		expect(proposeTags([], [])).toEqual([]);
	});
});

describe('two notes merged into one', () => {
	const merge = (kept: string, other: string, titles = ['T', 'T']): string =>
		mergeNotes(
			aNote({ title: titles[0] ?? '', body: kept }),
			aNote({ title: titles[1] ?? '', body: other })
		).body;

	test.each([
		['one', 'two', ['T', 'T'], 'one\n\n---\n\ntwo'],
		['one', 'two', ['T', 'U'], 'one\n\n---\n\n## U\n\ntwo'],
		['one and two', 'two', ['T', 'T'], 'one and two'],
		['two', 'one and two', ['T', 'T'], 'one and two'],
		['same', 'same', ['T', 'U'], 'same\n\nAlso called “U”.'],
		['', 'two', ['T', 'T'], 'two'],
		['one', '', ['T', ''], 'one']
	])('%j and %j with the titles %j', (kept, other, titles, body) => {
		expect(merge(kept, other, titles)).toBe(body);
	});

	test('keep every line of both texts, and every tag', () => {
		const line = fc.constantFrom('a', 'b b', '', 'c');
		const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
		const tags = fc.subarray(['x', 'y', 'z']);
		fc.assert(
			fc.property(text, text, tags, tags, (one, two, mine, theirs) => {
				const merged = mergeNotes(
					aNote({ title: 'A', body: one, tags: mine }),
					aNote({ title: 'B', body: two, tags: theirs })
				);
				for (const body of [one, two]) expect(merged.body).toContain(body.trim());
				expect(merged.body).toContain('B');
				expect([...merged.tags].sort()).toEqual([...new Set([...mine, ...theirs])].sort());
			})
		);
	});
});
