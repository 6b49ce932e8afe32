import { describeTrouble, type Tree } from '$lib/domain/structure-trouble';
import { expect, test } from 'vitest';

const trees: readonly Tree[] = [
	{ type: 'table', name: 'notes', table: 'notes', rootPage: 2 },
	{ type: 'index', name: 'notes_by_time', table: 'notes', rootPage: 3 },
	{ type: 'table', name: 'chunks', table: 'chunks', rootPage: 4 }
];

test('what SQLite found is told table by table, in words, and repeats are counted', () => {
	const lines = [
		'Freelist: size is 3 but should be 4',
		'Tree 4 page 9: btreeInitPage() returns error code 11',
		'row 7 missing from index notes_by_time',
		'row 8 missing from index notes_by_time',
		'Tree 2 page 15 cell 5: Rowid 3 out of order',
		'Tree 3 page 20 cell 0: 2nd reference to page 15',
		'wrong # of entries in index notes_by_time',
		'NULL value in chunks.hash',
		'Page 31: never used'
	];
	expect(describeTrouble(lines, trees)).toEqual([
		'table notes: a row is missing from index notes_by_time (2 times); the rows of page 15 are out of order; index notes_by_time, page 20 cell 0: page 15 is used twice; index notes_by_time has not as many entries as the table has rows.',
		'table chunks: page 9 makes no sense; a value that must be there is missing in chunks.hash.',
		'the file as a whole: the list of free pages is damaged; page 31 belongs to nothing.'
	]);
});

test('words that are not known stay as they are, and nothing is made of nothing', () => {
	expect(describeTrouble(['Tree 2 page 5: something new', 'Tree 99 page 1: lost'], trees)).toEqual([
		'table notes: page 5: something new.',
		'the file as a whole: page 1: lost.'
	]);
	expect(describeTrouble([], trees)).toEqual([]);
});
