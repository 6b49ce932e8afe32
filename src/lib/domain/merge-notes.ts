import type { Note, NoteChange } from './note';

/**
 * One note out of two: every line of both texts, and all tags. A text that the other one holds already
 * is not written twice; a title that differs is kept too.
 */
export const mergeNotes = (
	kept: Note,
	other: Note
): Pick<Required<NoteChange>, 'body' | 'tags'> => ({
	body: joinTexts(kept, other),
	tags: [...new Set([...kept.tags, ...other.tags])]
});

const joinTexts = (kept: Note, other: Note): string => {
	const [mine, theirs] = [kept.body.trim(), other.body.trim()];
	const title = other.title.trim();
	const isNamed = title === '' || title === kept.title.trim();
	if (mine.includes(theirs)) return isNamed ? kept.body : withName(kept.body, title);
	if (theirs.includes(mine)) return isNamed ? other.body : withName(other.body, title);
	const heading = isNamed ? '' : `## ${title}\n\n`;
	return `${kept.body.trimEnd()}\n\n---\n\n${heading}${other.body.trimStart()}`;
};

const withName = (body: string, title: string): string =>
	`${body.trimEnd()}${body.trim() === '' ? '' : '\n\n'}Also called “${title}”.`;
