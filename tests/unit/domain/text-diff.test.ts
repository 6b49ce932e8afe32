import { diffText, type DiffRow } from '$lib/domain/text-diff';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const sign = { same: ' ', added: '+', removed: '-' } as const;

/** One string a row; words that differ stand in brackets. */
const show = (rows: readonly DiffRow[]): string[] =>
	rows.map((row) =>
		row.kind === 'gap'
			? `… ${row.lines}`
			: sign[row.kind] +
				row.parts.map(({ kind, text }) => (kind === 'same' ? text : `[${text}]`)).join('')
	);

test('a changed word is marked in its line, the lines around it stay', () => {
	const then = 'Bread\nKnead the dough twice.\nLet it rest.';
	const now = 'Bread\nKnead the dough three times.\nLet it rest.';
	expect(show(diffText(then, now).rows)).toEqual([
		' Bread',
		'-Knead the dough [twice].',
		'+Knead the dough [three times].',
		' Let it rest.'
	]);
});

test('added and removed lines carry their sign', () => {
	expect(show(diffText('a\nb\n', 'a\nb\nc\n').rows)).toEqual([' a', ' b', '+[c]']);
	expect(show(diffText('a\nb\n', 'b\n').rows)).toEqual(['-[a]', ' b']);
	expect(show(diffText('', 'new').rows)).toEqual(['+[new]']);
	expect(show(diffText('a', 'a\nb').rows)).toEqual([' a', '+[b]']);
	expect(show(diffText('same', 'same').rows)).toEqual(['… 1']);
});

test('what did not change is folded away', () => {
	const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
	const now = lines.with(50, 'another');
	const rows = show(diffText(lines.join('\n'), now.join('\n')).rows);
	expect(rows[0]).toBe('… 47');
	expect(rows.at(-1)).toBe('… 46');
	expect(rows).toHaveLength(10);
});

test('texts too different to be told apart are shown whole, and not for ever', () => {
	const random = (seed: number): string =>
		Array.from({ length: 4_000 }, (_, i) => `${seed}-${i}`).join('\n');
	const diff = diffText(random(1), random(2));
	expect(diff.isWhole).toBe(true);
	expect(diff.rows).toHaveLength(1_500);
	expect(diff.cutLines).toBe(6_500);
});

test('both texts can be read back out of every difference', () => {
	const line = fc.constantFrom('a', 'b b', 'c c c', '', 'ä 日本');
	const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.map((l) => `${l}\n`).join(''));
	fc.assert(
		fc.property(text, text, (then, now) => {
			const { rows } = diffText(then, now);
			const changed = rows.flatMap((row) => (row.kind === 'gap' ? [] : [row]));
			const side = (kind: 'removed' | 'added'): string[] =>
				changed
					.filter((row) => row.kind === kind || row.kind === 'same')
					.map(({ parts }) => parts.map((part) => part.text).join(''));
			if (rows.some(({ kind }) => kind === 'gap')) return;
			const lines = (value: string): string[] => value.split('\n').slice(0, -1);
			expect(side('removed')).toEqual(lines(then));
			expect(side('added')).toEqual(lines(now));
		}),
		{ seed: 3 }
	);
});
