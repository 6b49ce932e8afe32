import { toPlainText } from './markdown-text';
import type { SnippetPart } from './search';

/** Signs put around found words: never part of a note that a person wrote. */
export const markStart = '\u0002';
export const markEnd = '\u0003';

const foundWord = new RegExp(`(${markStart}[^${markStart}${markEnd}]*${markEnd})`);

const longestPassage = 320;
const around = 60;

/** The parts of a text in which found words stand between `markStart` and `markEnd`. */
export const snippetOfMarked = (marked: string): readonly SnippetPart[] =>
	toPlainText(marked)
		.split(foundWord)
		.map((part) => ({
			text: part.replaceAll(markStart, '').replaceAll(markEnd, ''),
			mark: part.startsWith(markStart)
		}))
		.filter(({ text }) => text !== '');

/** A passage found by its meaning: nothing to mark. */
export const snippetOfPassage = (passage: string): readonly SnippetPart[] => {
	const text = toPlainText(passage);
	if (text === '') return [];
	return [{ text: cutAtWord(text, longestPassage), mark: false }];
};

/** The surroundings of the first place where one of the pieces stands, every piece in it marked. */
export const snippetAround = (body: string, pieces: readonly string[]): readonly SnippetPart[] => {
	const places = pieces.map((piece) => body.indexOf(piece)).filter((at) => at >= 0);
	if (places.length === 0) return snippetOfPassage(body.slice(0, longestPassage * 2));
	const at = Math.min(...places);
	const from = Math.max(0, at - around);
	const to = Math.min(body.length, at + around * 2);
	const text = body.slice(from, to).toWellFormed();
	const marked = pieces.reduce(
		(sofar, piece) => sofar.replaceAll(piece, `${markStart}${piece}${markEnd}`),
		text
	);
	return snippetOfMarked(`${from > 0 ? '…' : ''}${marked}${to < body.length ? '…' : ''}`);
};

const cutAtWord = (text: string, maxLength: number): string => {
	if (text.length <= maxLength) return text;
	const cut = text.slice(0, maxLength);
	const space = cut.lastIndexOf(' ');
	return `${(space > maxLength / 2 ? cut.slice(0, space) : cut).toWellFormed()}…`;
};
