import { splitProperties } from './note-file';

/** Applied in this order. Each is linear: none can match the same character in two ways. */
const rules: readonly (readonly [RegExp, string])[] = [
	[/^[ \t]*(?:```|~~~)[^\n]*$/gm, ''], // fences, not the code between them
	[/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, ''], // rules across the page
	[/^[ \t]*\|?[ \t]*:?-{2,}[-|: \t]*$/gm, ''], // the line under a table's head
	[/!?\[\[([^[\]|\n]*)\|([^[\]\n]*)\]\]/g, '$2'],
	[/!?\[\[([^[\]\n]*)\]\]/g, '$1'],
	[/!?\[([^[\]\n]*)\]\([^()\n]*\)/g, '$1'],
	[/<\/?[a-zA-Z][^<>\n]*>/g, ' '],
	[/^[ \t]*(?:>[ \t]?)+/gm, ''],
	[/^[ \t]*#{1,6}[ \t]+/gm, ''],
	[/^[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?/gm, ''],
	[/\*\*|__|~~|==|`+/g, ''],
	[/(^|[\s(])[*_](?=\S)/gm, '$1'],
	[/(\S)[*_](?=$|[\s).,;:!?])/gm, '$1'],
	[/[ \t]*\|[ \t]*/g, ' ']
];

/** What a reader sees of a stretch of Markdown, on one line: no signs, no addresses. */
export const toPlainText = (markdown: string): string =>
	rules
		.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), markdown)
		.replace(/[^\S ]\s*| \s+/g, ' ')
		.trim();

/**
 * The first words of a body, at most `maxLength` characters, cut at a word where there is one.
 * Properties at the top are no words of the note, unless there is nothing else.
 */
export const toExcerpt = (body: string, maxLength = 160): string => {
	const text = toPlainText(splitProperties(body)?.rest ?? '') || toPlainText(body);
	if (text.length <= maxLength) return text;
	const cut = text
		.slice(0, maxLength - 1)
		.toWellFormed()
		.replace(/\uFFFD$/, '');
	const space = cut.lastIndexOf(' ');
	return `${(space > maxLength / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
};
