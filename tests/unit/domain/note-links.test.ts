import { hasLinkTo } from '$lib/domain/note-links';
import { expect, test } from 'vitest';

test.each([
	['see [[Bread]]', true],
	['see [[ bread |the loaf]] and more', true],
	['[[kitchen/Bread#Dough]]', true],
	['![[Bread]]', true],
	['[[Bread and butter]], [[Soup]]', false],
	['Bread, [Bread](x)', false],
	['[[Bread', false]
])('%j leads to the note “Bread”: %j', (body, leads) => {
	expect(hasLinkTo(body, 'Bread')).toBe(leads);
});

test('no link leads to a note without a title', () => {
	expect(hasLinkTo('[[ ]]', '')).toBe(false);
});
