import { parseArguments, type WordDefinitions } from '$lib/commands/parse-command-line';
import { quoteWord, splitWords } from '$lib/commands/split-words';
import { UsageError } from '$lib/commands/usage-error';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each<[string, string[]]>([
	['', []],
	['   ', []],
	['a b  c', ['a', 'b', 'c']],
	['a\tb\nc', ['a', 'b', 'c']],
	["'a b' c", ['a b', 'c']],
	['"a b" c', ['a b', 'c']],
	["a''b", ['ab']],
	['\'\' ""', ['', '']],
	['a"b c"d', ['ab cd']],
	['a\\ b', ['a b']],
	['a\\\nb', ['ab']],
	["'a\\nb'", ['a\\nb']],
	['"a\\nb"', ['a\\nb']],
	['"\\"\\\\\\$\\`"', ['"\\$`']],
	['"a\\\nb"', ['ab']],
	['$HOME *.md | x > y; #z', ['$HOME', '*.md', '|', 'x', '>', 'y;', '#z']],
	["it\\'s", ["it's"]],
	['日本 "語 の"', ['日本', '語 の']]
])('%j is split as a POSIX shell does', (line, words) => {
	expect(splitWords(line)).toEqual(words);
});

test.each(['"a', "'a", 'a "b\\"', 'a \\'])('%j is refused: something is not closed', (line) => {
	expect(() => splitWords(line)).toThrow(UsageError);
});

test('every word comes back from its quoted form', () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
			expect(splitWords(words.map(quoteWord).join(' '))).toEqual(words);
		}),
		{ seed: 7 }
	);
});

const definition: WordDefinitions = {
	required: ['NAME'],
	optional: ['OTHER'],
	options: [
		{ name: '--limit', kind: 'number' },
		{ name: '--mode', kind: 'choice', choices: ['a', 'b'] },
		{ name: '--label', kind: 'text' },
		{ name: '--off', kind: 'flag' }
	]
};

const parse = (line: string, rest = false) =>
	parseArguments(splitWords(line), { ...definition, takesRest: rest });

test.each([
	['n --limit 5 --mode b --label "x y" --off'],
	['--limit=5 --mode=b "--label=x y" --off n'],
	['--off --label "x y" n --mode=b --limit 5']
])('options may stand anywhere and be written both ways: %s', (line) => {
	const args = parse(line);
	expect(args.word(0)).toBe('n');
	expect(args.find(1)).toBeNull();
	expect(args.number('--limit')).toBe(5);
	expect(args.text('--mode')).toBe('b');
	expect(args.text('--label')).toBe('x y');
	expect(args.flag('--off')).toBe(true);
});

test('what is not given is null or false', () => {
	const args = parse('n other');
	expect(args.find(1)).toBe('other');
	expect([args.text('--label'), args.number('--limit'), args.flag('--off')]).toEqual([
		null,
		null,
		false
	]);
});

test('after -- everything is a name, and values may look like options', () => {
	expect(parse('-- --off').word(0)).toBe('--off');
	expect(parse('n --label=--off').text('--label')).toBe('--off');
	expect(parse('n --label --- ').text('--label')).toBe('---');
	expect(parse('n --label ""').text('--label')).toBe('');
});

test('a command that takes the rest needs no quotes', () => {
	expect(parse('n how do I', true).find(1)).toBe('how do I');
});

test.each([
	['', 'NAME is missing.'],
	['n --nope', 'There is no option --nope.'],
	['n --limit', '--limit needs a value.'],
	['n --limit --off', '--limit needs a value.'],
	['n --limit 0', '--limit needs a whole number from 1 on.'],
	['n --limit 1.5', '--limit needs a whole number from 1 on.'],
	['n --limit=', '--limit needs a whole number from 1 on.'],
	['n --mode c', '--mode is one of a, b.'],
	['n --off=1', '--off takes no value.'],
	['n --off --off', '--off is given twice.'],
	['n o p', 'Too many words: put quotes around each name.']
])('%j is refused with the reason', (line, message) => {
	expect(() => parse(line)).toThrow(new UsageError(message));
});
