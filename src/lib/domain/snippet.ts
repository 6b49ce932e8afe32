import { toPlainText } from './markdown-text';
import { splitFrontmatter } from './note-file';
import { textStart } from './note-opening';
import type { SnippetPart } from './search';

/** Signs put around found words: never part of a note that a person wrote. */
export const markStart = '\u0002';
export const markEnd = '\u0003';

const foundWord = new RegExp(`(${markStart}[^${markStart}${markEnd}]*${markEnd})`);

const longestPassage = 320;
const longestStretch = 260;
const before = 60;
/** Around the found words, so much Markdown is read to make plain text of. */
const margin = 500;

/**
 * Where the most of the found words stand together, in a body in which each stands between `markStart`
 * and `markEnd`. A first line that repeats the title does not count: empty when they stand only there.
 */
export const snippetOfFound = (title: string, marked: string): readonly SnippetPart[] => {
	const inText = stretchOf(marked.slice(textStart(title, marked)));
	return inText.length > 0 ? inText : stretchOf(splitFrontmatter(marked)?.block ?? '');
};

/** A passage found by its meaning: nothing to mark. */
export const snippetOfPassage = (passage: string): readonly SnippetPart[] => {
	const text = toPlainText(passage);
	if (text === '') return [];
	return [{ text: cutAtWord(text, longestPassage), mark: false }];
};

/** The body with a mark around each place where one of the pieces stands. */
export const markPieces = (body: string, pieces: readonly string[]): string =>
	pieces.reduce((text, piece) => text.replaceAll(piece, `${markStart}${piece}${markEnd}`), body);

const stretchOf = (marked: string): readonly SnippetPart[] => {
	const raw = toParts(marked);
	const rawAt = densest(raw);
	if (rawAt < 0) return [];
	const near = cut(raw, rawAt - margin, rawAt + 2 * margin);
	const parts = toParts(toPlainText(near.map(toMarked).join('')));
	const text = parts.map((part) => part.text).join('');
	const from = wordAfter(text, Math.max(densest(parts), 0) - before);
	const to = wordBefore(text, from + longestStretch);
	const isBegun = rawAt > margin || from > 0;
	const isCut = to < text.length || rawAt + 2 * margin < lengthOf(raw);
	return [
		...(isBegun ? [{ text: '…', mark: false }] : []),
		...cut(parts, from, to),
		...(isCut ? [{ text: '…', mark: false }] : [])
	];
};

const toParts = (marked: string): readonly SnippetPart[] =>
	marked
		.split(foundWord)
		.map((part) => ({
			text: part.replaceAll(markStart, '').replaceAll(markEnd, ''),
			mark: part.startsWith(markStart) && part.endsWith(markEnd)
		}))
		.filter(({ text }) => text !== '');

const toMarked = ({ text, mark }: SnippetPart): string =>
	mark ? `${markStart}${text}${markEnd}` : text;

const lengthOf = (parts: readonly SnippetPart[]): number =>
	parts.reduce((length, { text }) => length + text.length, 0);

/** The offset of the found word from which most different ones are in view; -1 without any. */
const densest = (parts: readonly SnippetPart[]): number => {
	const places: { readonly at: number; readonly word: string }[] = [];
	let length = 0;
	for (const { text, mark } of parts) {
		if (mark) places.push({ at: length, word: text.toLowerCase() });
		length += text.length;
	}
	let [bestAt, bestCount] = [-1, 0];
	for (const [index, { at }] of places.entries()) {
		const words = new Set<string>();
		for (let i = index; (places[i]?.at ?? Infinity) < at + longestStretch - before; i += 1) {
			words.add(places[i]?.word ?? '');
		}
		if (words.size > bestCount) [bestAt, bestCount] = [at, words.size];
	}
	return bestAt;
};

const cut = (parts: readonly SnippetPart[], from: number, to: number): readonly SnippetPart[] => {
	let at = 0;
	return parts.flatMap(({ text, mark }) => {
		const start = at;
		at += text.length;
		const inside = text.slice(Math.max(0, from - start), Math.max(0, to - start)).toWellFormed();
		return inside === '' ? [] : [{ text: inside, mark }];
	});
};

const wordAfter = (text: string, at: number): number => {
	if (at <= 0) return 0;
	const space = text.indexOf(' ', at);
	return space >= 0 && space < at + before ? space + 1 : at;
};

const wordBefore = (text: string, at: number): number => {
	if (at >= text.length) return text.length;
	const space = text.lastIndexOf(' ', at);
	return space > at - before ? space : at;
};

const cutAtWord = (text: string, maxLength: number): string => {
	if (text.length <= maxLength) return text;
	const end = text.slice(0, maxLength).lastIndexOf(' ');
	return `${text.slice(0, end > maxLength / 2 ? end : maxLength).toWellFormed()}…`;
};
