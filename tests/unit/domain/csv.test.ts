import { toCsv } from '$lib/domain/csv';
import { expect, test } from 'vitest';

test('rows become a file that spreadsheets read, whatever the cells hold', () => {
	expect(
		toCsv({
			columns: ['id', 'text'],
			rows: [
				[1, 'a,b'],
				[-2.5, 'say "x"\nand go'],
				[null, true]
			]
		})
	).toBe('id,text\r\n1,"a,b"\r\n-2.5,"say ""x""\nand go"\r\n,true\r\n');
});

test('a text that a spreadsheet would run stays a text', () => {
	expect(toCsv({ columns: ['a'], rows: [['=1+1'], ['@now'], ['-1']] })).toBe(
		"a\r\n'=1+1\r\n'@now\r\n'-1\r\n"
	);
});
