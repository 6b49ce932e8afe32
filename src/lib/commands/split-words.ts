import { UsageError } from './usage-error';

interface Reader {
	readonly line: string;
	at: number;
	/** The word being read; null between words, so that `''` is a word and a space is none. */
	word: string | null;
}

/**
 * Words as a POSIX shell splits them: blanks separate, single and double quotes and backslashes
 * keep. Nothing is expanded: `$`, `*` and `|` are letters like others.
 */
export const splitWords = (line: string): string[] => {
	const words: string[] = [];
	const reader: Reader = { line, at: 0, word: null };
	while (reader.at < line.length) {
		const letter = line[reader.at] ?? '';
		reader.at += 1;
		if (/\s/.test(letter)) {
			if (reader.word !== null) words.push(reader.word);
			reader.word = null;
		} else {
			reader.word = (reader.word ?? '') + readPart(reader, letter);
		}
	}
	return reader.word === null ? words : [...words, reader.word];
};

const readPart = (reader: Reader, letter: string): string => {
	if (letter === "'") return readSingle(reader);
	if (letter === '"') return readDouble(reader);
	return letter === '\\' ? readEscape(reader) : letter;
};

const readSingle = (reader: Reader): string => {
	const end = reader.line.indexOf("'", reader.at);
	if (end === -1) throw new UsageError("A ' is not closed.");
	const text = reader.line.slice(reader.at, end);
	reader.at = end + 1;
	return text;
};

const readDouble = (reader: Reader): string => {
	let text = '';
	while (reader.at < reader.line.length) {
		const letter = reader.line[reader.at] ?? '';
		reader.at += 1;
		if (letter === '"') return text;
		if (letter !== '\\') {
			text += letter;
			continue;
		}
		const next = reader.line[reader.at] ?? '';
		reader.at += next.length;
		text += next === '\n' ? '' : '$`"\\'.includes(next) ? next : `\\${next}`;
	}
	throw new UsageError('A " is not closed.');
};

/** Outside quotes a backslash keeps the next letter; before a line end both go. */
const readEscape = (reader: Reader): string => {
	const next = reader.line[reader.at];
	if (next === undefined) throw new UsageError('Nothing follows the \\ at the end.');
	reader.at += 1;
	return next === '\n' ? '' : next;
};

/** The word so that `splitWords` gives it back. */
export const quoteWord = (word: string): string =>
	/^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
