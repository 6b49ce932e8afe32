import { hasLinkTo, redirectLinks } from '$lib/domain/note-links';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each([
	['see [[Bread]]', true],
	['see [[ bread |the loaf]] and more', true],
	['[[kitchen/Bread#Dough]]', true],
	['![[Bread]]', true],
	['[[Bread and butter]], [[Soup]]', false],
	['Bread, [Bread](x)', false],
	['[[Bread', false],
	['`[[Bread]]`', false],
	['\\[[Bread]]', false]
])('%j leads to the note “Bread”: %j', (body, leads) => {
	expect(hasLinkTo(body, 'Bread')).toBe(leads);
});

test('no link leads to a note without a title', () => {
	expect(hasLinkTo('[[ ]]', '')).toBe(false);
});

test.each([
	['see [[Bread]].', 'see [[Loaf]].'],
	['[[ bread |the loaf]]', '[[Loaf|the loaf]]'],
	['[[kitchen/Bread#Dough#Rest|x]]', '[[Loaf#Dough#Rest|x]]'],
	['![[Bread]] [[Soup]] [[Breads]]', '![[Loaf]] [[Soup]] [[Breads]]'],
	['| [[Bread\\|x]] |', '| [[Loaf\\|x]] |'],
	['\\[[Bread]] \\\\[[Bread]]', '\\[[Bread]] \\\\[[Loaf]]'],
	['`[[Bread]]` [[Bread]]', '`[[Bread]]` [[Loaf]]'],
	['```\n[[Bread]]\n```\r\n[[Bread]]', '```\n[[Bread]]\n```\r\n[[Loaf]]']
])('%j leads to “Loaf” afterwards: %j', (body, changed) => {
	expect(redirectLinks(body, 'Bread', 'Loaf')).toBe(changed);
});

test.each(['', ' ', 'a|b', 'a#b', '[a]', 'a\\b', 'x'.repeat(301)])(
	'no link can be written to a note of the title %j, so the text stays',
	(title) => {
		expect(redirectLinks('[[Bread]]', 'Bread', title)).toBe('[[Bread]]');
	}
);

test('a link that would become longer than a link can be stays', () => {
	const body = `[[Bread#${'h'.repeat(200)}]]`;
	expect(redirectLinks(body, 'Bread', 'x'.repeat(200))).toBe(body);
});

test('after it no link leads to the old title, as many lead to the new one, and the rest stays', () => {
	const title = fc.constantFrom(
		'Bread',
		'bread ',
		'a/Bread',
		'Loaf',
		'Soup',
		'Bread#H',
		'Bread#a#b'
	);
	const words = fc.constantFrom('', '|words', '|Bread');
	const link = fc.tuple(title, words).map(([to, said]) => `[[${to}${said}]]`);
	const other = fc.constantFrom('`', '```\n', '\n', '\n\n', '    ', '- ', 'x', '\\', '[', '|', '!');
	fc.assert(
		fc.property(fc.array(fc.oneof(link, other), { maxLength: 30 }), (parts) => {
			const body = parts.join('');
			const changed = redirectLinks(body, 'Bread', 'Loaf');
			expect(hasLinkTo(changed, 'Bread')).toBe(false);
			expect(changed === body).toBe(!hasLinkTo(body, 'Bread'));
			if (changed !== body) expect(hasLinkTo(changed, 'Loaf')).toBe(true);
			expect(shapeOf(changed)).toBe(shapeOf(body));
			expect(redirectLinks(changed, 'Bread', 'Loaf')).toBe(changed);
		})
	);
});

/** The text without the names that links to one of the two are made of. */
const shapeOf = (body: string): string => body.replaceAll(/\[\[(?:a\/)?(?:bread|loaf) ?/gi, '[[');
