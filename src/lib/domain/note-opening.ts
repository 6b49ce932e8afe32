import { toExcerpt, toPlainText } from './markdown-text';
import { lettersOf, splitFrontmatter } from './note-file';

/**
 * Where a body begins to say more than its title: behind the properties, and behind a first line that
 * only repeats the title. Found words may be marked in it. Properties that are all of it stay.
 */
export const textStart = (title: string, body: string): number => {
	const rest = splitFrontmatter(body)?.rest ?? '';
	const start = rest.trim() === '' ? 0 : body.length - rest.length;
	const line = /^\s*[^\n]*/.exec(body.slice(start, start + longestLine))?.[0] ?? '';
	const letters = lettersOf(title);
	return letters !== '' && lettersOf(toPlainText(line)) === letters ? start + line.length : start;
};

const longestLine = 2_000;

/** So much of a body is enough for `excerptOf`. */
export const openingLength = 2_000;

/** The first words of a note that its title does not say. */
export const excerptOf = (title: string, opening: string): string =>
	toExcerpt(opening.slice(textStart(title, opening)));
