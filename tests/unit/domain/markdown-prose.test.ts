import { changeProse } from '$lib/domain/markdown-prose';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const upper = (markdown: string): string => changeProse(markdown, (prose) => prose.toUpperCase());

test.each([
	['plain text', 'PLAIN TEXT'],
	['a `code` b', 'A `code` B'],
	['a ``co`de`` b', 'A ``co`de`` B'],
	['a ` b', 'A ` B'],
	['a \\`b` c', 'A \\`B` C'],
	['a \\\\`b` c', 'A \\\\`b` C'],
	['a ` b\n\nc ` d', 'A ` B\n\nC ` D'],
	['a\n```js\ncode\n```\nb', 'A\n```js\ncode\n```\nB'],
	['~~~\ncode\n```\nmore\n~~~\nb', '~~~\ncode\n```\nmore\n~~~\nB'],
	['````\n```\ncode\n````\r\nb', '````\n```\ncode\n````\r\nB'],
	['a\n```\ncode to the end', 'A\n```\ncode to the end'],
	['- ```\n  code\n  ```\n- b', '- ```\n  code\n  ```\n- B'],
	['> ```\n> code\nb', '> ```\n> code\nB'],
	['a\n\n    code\n\nb', 'A\n\n    code\n\nB'],
	['\tcode', '\tcode'],
	['a\n    b', 'A\n    B'],
	['- a\n\n    b', '- A\n\n    B'],
	['- a\n\nb\n\n    code', '- A\n\nB\n\n    code'],
	['``` a ``` b', '``` a ``` B']
])('%j: only what is no code is changed', (markdown, changed) => {
	expect(upper(markdown)).toBe(changed);
});

test('no sign of a text is lost, whatever it is made of', () => {
	const part = fc.constantFrom(
		'`',
		'```',
		'~~~',
		'\n',
		'\r\n',
		'    ',
		'\t',
		'- ',
		'> ',
		'a',
		'\\'
	);
	fc.assert(
		fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
			const markdown = parts.join('');
			expect(changeProse(markdown, (prose) => prose)).toBe(markdown);
			expect(upper(markdown).toLowerCase()).toBe(markdown);
		})
	);
});
