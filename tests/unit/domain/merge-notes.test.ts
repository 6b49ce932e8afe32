import { mergeNotes } from '$lib/domain/merge-notes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aNote } from '../../support/note-builder';

const merge = (kept: string, other: string, titles = ['T', 'T']): string =>
	mergeNotes(
		aNote({ title: titles[0] ?? '', body: kept }),
		aNote({ title: titles[1] ?? '', body: other })
	).body;

test.each([
	['one', 'two', ['T', 'T'], 'one\n\n---\n\ntwo'],
	['one', 'two', ['T', 'U'], 'one\n\n---\n\n## U\n\ntwo'],
	['one\nand\ntwo', '\nand\ntwo\n', ['T', 'T'], 'one\nand\ntwo'],
	['two', 'one\ntwo', ['T', 'T'], 'one\ntwo'],
	['same', 'same', ['T', 'U'], 'same\n\nAlso called “U”.'],
	['', 'two', ['T', 'T'], 'two'],
	['', ' \n', ['T', 'U'], 'Also called “U”.'],
	['one', '', ['T', ''], 'one']
])('%j and %j with the titles %j', (kept, other, titles, body) => {
	expect(merge(kept, other, titles)).toBe(body);
});

test('a line that only stands within a longer one is a line of its own', () => {
	expect(merge('Buy 100 eggs', 'Buy 10')).toBe('Buy 100 eggs\n\n---\n\nBuy 10');
	expect(merge('Buy 10', 'Buy 100 eggs')).toBe('Buy 10\n\n---\n\nBuy 100 eggs');
	expect(merge('- [ ] call\n  - home', '- home')).toContain('\n\n- home');
});

test('the first line keeps its indent', () => {
	expect(merge('one', '\n \n    code\nmore\n\n')).toBe('one\n\n---\n\n    code\nmore');
	expect(merge('\n\tone\n\n', 'two')).toBe('\tone\n\n---\n\ntwo');
});

test('the one note is pinned when one of the two was', () => {
	const pinned = aNote({ pinned: true });
	expect(mergeNotes(aNote(), pinned).pinned).toBe(true);
	expect(mergeNotes(pinned, aNote()).pinned).toBe(true);
	expect(mergeNotes(aNote(), aNote()).pinned).toBe(false);
});

test('every line of both texts is in the result, in its order, and every tag', () => {
	const line = fc.constantFrom('a', 'b b', 'b', '', ' ', '  a', 'c  ', '\tc', 'c\r');
	const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));
	const tags = fc.subarray(['x', 'y', 'z']);
	fc.assert(
		fc.property(text, text, tags, tags, (one, two, mine, theirs) => {
			const merged = mergeNotes(
				aNote({ title: 'A', body: one, tags: mine }),
				aNote({ title: 'B', body: two, tags: theirs })
			);
			const lines = linesOf(merged.body);
			for (const body of [one, two]) expect(hasRun(lines, linesOf(body))).toBe(true);
			expect(merged.body).toContain('B');
			expect([...merged.tags].sort()).toEqual([...new Set([...mine, ...theirs])].sort());
		})
	);
});

/** All that are not blank. */
const linesOf = (body: string): string[] => body.split('\n').filter((line) => line.trim() !== '');

const hasRun = (lines: readonly string[], run: readonly string[]): boolean =>
	lines.some((_, at) => run.every((line, i) => lines[at + i] === line)) || run.length === 0;
