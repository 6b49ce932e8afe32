import {
	markEnd,
	markStart,
	snippetAround,
	snippetOfMarked,
	snippetOfPassage
} from '$lib/domain/snippet';
import { expect, test } from 'vitest';

const mark = (text: string): string => `${markStart}${text}${markEnd}`;

test('found words are told apart and signs of Markdown are gone', () => {
	expect(snippetOfMarked(`…how **${mark('bikes')}** are [mended](x)`)).toEqual([
		{ text: '…how ', mark: false },
		{ text: 'bikes', mark: true },
		{ text: ' are mended', mark: false }
	]);
});

test('a sign of ours in the text itself is not shown', () => {
	expect(snippetOfMarked(`a${markEnd}b`)).toEqual([{ text: 'ab', mark: false }]);
});

test('a long passage ends at a word', () => {
	const [part] = snippetOfPassage('word '.repeat(200));
	expect(part?.text).toMatch(/word…$/);
	expect(part?.text.length).toBeLessThanOrEqual(321);
});

test('a piece of Japanese is shown where it stands', () => {
	const body = `${'あ'.repeat(300)}自転車を直す${'い'.repeat(300)}`;
	const parts = snippetAround(body, ['自転車', '飛行機']);
	expect(parts.filter((part) => part.mark).map(({ text }) => text)).toEqual(['自転車']);
	expect(parts[0]?.text.startsWith('…')).toBe(true);
});
