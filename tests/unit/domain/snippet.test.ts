import {
	markEnd,
	markPieces,
	markStart,
	snippetOfFound,
	snippetOfPassage
} from '$lib/domain/snippet';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const mark = (text: string): string => `${markStart}${text}${markEnd}`;

const textOf = (...args: Parameters<typeof snippetOfFound>): string =>
	snippetOfFound(...args)
		.map((part) => (part.mark ? `[${part.text}]` : part.text))
		.join('');

test('found words are told apart and signs of Markdown are gone', () => {
	expect(snippetOfFound('T', `how **${mark('bikes')}** are [mended](x)`)).toEqual([
		{ text: 'how ', mark: false },
		{ text: 'bikes', mark: true },
		{ text: ' are mended', mark: false }
	]);
});

test('a sign of ours in the text itself is not shown', () => {
	expect(textOf('T', `a${markEnd}b ${markStart}c ${mark('d')}`)).toBe('ab c [d]');
});

test('a first line that repeats the title is not shown again', () => {
	const body = `# ${mark('Undo')} a change\n\nI review it and ${mark('undo')} it.`;
	expect(textOf('Undo a change', body)).toBe('I review it and [undo] it.');
	expect(textOf('Another title', body)).toBe('[Undo] a change I review it and [undo] it.');
	expect(textOf('Undo a change', `# ${mark('Undo')} a change\n\nNothing of it here.`)).toBe('');
});

test('words of the properties are shown only when the text has none', () => {
	const body = `---\nauthor: ${mark('Woolf')}\n---\nA novel by`;
	expect(textOf('T', `${body} ${mark('Woolf')}.`)).toBe('A novel by [Woolf].');
	expect(textOf('T', `${body} her.`)).toBe('author: [Woolf]');
});

test('the place where most different words stand together is shown', () => {
	const filler = 'nothing of it here '.repeat(100);
	const body = `${mark('git')} ${mark('git')} ${filler}then ${mark('git')} can ${mark('undo')} it. ${filler}`;
	const shown = textOf('T', body);
	expect(shown).toMatch(/^….*then \[git\] can \[undo\] it\..*…$/);
	expect(shown.length).toBeLessThan(300);
});

test('whatever the text is, what is shown is short, whole characters, and only what is there', () => {
	const piece = fc.oneof(
		fc.constantFrom('🚲', 'word', ' ', '\n', '# ', '---\n', 'あ', markStart, markEnd, '**'),
		fc.constant(mark('found'))
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 400 }), (pieces) => {
			const parts = snippetOfFound('word', pieces.join(''));
			const shown = parts.map(({ text }) => text).join('');
			expect(shown.isWellFormed()).toBe(true);
			expect(shown).not.toMatch(new RegExp(`[${markStart}${markEnd}]`));
			expect(shown.length).toBeLessThanOrEqual(330);
			if (parts.length > 0) expect(parts.some((part) => part.mark)).toBe(true);
		})
	);
});

test('a long passage ends at a word', () => {
	const [part] = snippetOfPassage('word '.repeat(200));
	expect(part?.text).toMatch(/word…$/);
	expect(part?.text.length).toBeLessThanOrEqual(321);
});

test('a piece of Japanese is shown where it stands', () => {
	const body = `${'あ'.repeat(300)}自転車を直す${'い'.repeat(300)}`;
	const parts = snippetOfFound('T', markPieces(body, ['自転車', '飛行機']));
	expect(parts.filter((part) => part.mark).map(({ text }) => text)).toEqual(['自転車']);
	expect(parts[0]?.text.startsWith('…')).toBe(true);
});
