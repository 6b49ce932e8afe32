import { cleanText } from './note-text';
import { stopWords } from './stop-words';

/** What was typed, taken apart for the two ways of finding words. */
export interface SearchQuery {
	/** Words that full-text search knows, lower case, without stop words unless there are only those. */
	readonly words: readonly string[];
	/** Words of scripts written without spaces: full-text search does not cut those, so they are sought as they are. */
	readonly pieces: readonly string[];
}

const longestQuery = 1_000;
const mostWords = 32;
const mostPieces = 8;
const longestWord = 64;

// Chinese, Japanese, Thai, Lao, Khmer, Burmese: no space between words.
const unspaced =
	/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]+/gu;

export const parseQuery = (text: string): SearchQuery => {
	const typed = cleanText(text).slice(0, longestQuery).toWellFormed();
	const spaced = typed.replace(unspaced, ' ');
	return {
		words: withoutStopWords(wordsOf(spaced)).slice(0, mostWords),
		pieces: piecesOf(typed.match(unspaced) ?? []).slice(0, mostPieces)
	};
};

export const isEmptyQuery = ({ words, pieces }: SearchQuery): boolean =>
	words.length === 0 && pieces.length === 0;

/** One word for FTS5, quoted: none of its operators can come from what was typed. */
export const matchWord = (word: string): string => `"${word.replaceAll('"', '""')}"`;

/** Every note with at least one of the words. */
export const matchAny = (words: readonly string[]): string => words.map(matchWord).join(' OR ');

/** The same, with the last word taken as the beginning of one: it may still be being typed. */
export const matchAnyPrefix = (words: readonly string[]): string => `${matchAny(words)}*`;

/** Whether the last word is long enough that its continuations mean anything. */
export const canExtend = ({ words }: SearchQuery): boolean => (words.at(-1)?.length ?? 0) >= 2;

const wordsOf = (text: string): readonly string[] => {
	const found = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
	return [...new Set(found.map((word) => word.slice(0, longestWord).toWellFormed()))];
};

const withoutStopWords = (words: readonly string[]): readonly string[] => {
	const telling = words.filter((word) => !stopWords.has(word));
	return telling.length > 0 ? telling : words;
};

const piecesOf = (runs: readonly string[]): readonly string[] => {
	const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
	const pieces = runs.flatMap((run) =>
		[...segmenter.segment(run)].filter((part) => part.isWordLike).map((part) => part.segment)
	);
	const telling = pieces.filter((piece) => !/^\p{scx=Hira}{1,2}$/u.test(piece));
	return [...new Set(telling.length > 0 ? telling : pieces)];
};
