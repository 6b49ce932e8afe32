import { excerptOf, textStart } from '$lib/domain/note-opening';
import { expect, test } from 'vitest';

const after = (title: string, body: string): string => body.slice(textStart(title, body)).trim();

test.each([
	[
		'a heading that repeats the title',
		'Append to a list',
		'# Append To A List\n\nUse +=.',
		'Use +=.'
	],
	['a plain first line that does', 'Shopping', '\n\nShopping\nMilk', 'Milk'],
	['properties', 'T', '---\naliases: x\n---\nText', 'Text'],
	['properties and the title', 'T', '---\naliases: x\n---\n\n# T\nText', 'Text'],
	['nothing when the heading says something else', 'T', '# Other\nText', '# Other\nText'],
	['nothing when properties are all there is', 'T', '---\nrating: 7\n---\n', '---\nrating: 7\n---'],
	['nothing when the title has no letters', '…', '…\nText', '…\nText']
])('what is shown of a note leaves out %s', (_, title, body, shown) => {
	expect(after(title, body)).toBe(shown);
});

test('the row of a list shows the first words that the title does not say', () => {
	expect(excerptOf('Bread', '---\naliases: loaf\n---\n# Bread\n\n**Flour** and water')).toBe(
		'Flour and water'
	);
	expect(excerptOf('Bread', '# Bread')).toBe('');
});
