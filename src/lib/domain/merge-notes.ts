import { plural } from '$lib/shared/number-format';
import type { NoteReference } from './backup';
import type { Note, NoteChange } from './note';

/** Which two notes, as they were when the merge was wished for. */
export interface MergeOrder {
	readonly keepId: string;
	readonly otherId: string;
	/** `updatedAtMs` of both at that time. */
	readonly keepBaseMs: number;
	readonly otherBaseMs: number;
}

/** A merge that was made, with what an undo needs. */
export interface MergeDone {
	readonly kept: Note;
	readonly trashed: Note;
	/** The kept note as it was. */
	readonly before: Note;
	/** Other notes whose links lead to the kept note now. */
	readonly relinked: readonly RelinkedNote[];
	/** Notes whose links to the one that went could not be changed. */
	readonly lost: readonly NoteReference[];
}

/** A note whose links a merge changed. */
export interface RelinkedNote extends NoteReference {
	readonly updatedAtMs: number;
	/** Its text before. */
	readonly body: string;
}

/** What a merge does to the links of other notes to the note that goes. */
export interface MergeLinks {
	/** Written anew: they lead to the kept note then. */
	readonly changed: readonly NoteReference[];
	/** Leading nowhere then: no link can be written to the title of the kept note, or it became too long. */
	readonly lost: readonly NoteReference[];
}

/**
 * - `undone`: both notes are as they were, and so are the links to them;
 * - `kept-links`: both notes are as they were, a note whose links were changed was edited since and stays;
 * - `kept-edits`: the other note is back, the merged one was changed since and stays;
 * - `other-changed`: the other note was changed or deleted since, so nothing was touched.
 */
export type MergeUndone = 'undone' | 'kept-links' | 'kept-edits' | 'other-changed';

/** What the user is told of it. */
export const undoneWords: Readonly<Record<MergeUndone, string>> = {
	undone: 'Both notes are as they were.',
	'kept-links':
		'Both notes are as they were. A note whose links were changed was edited since and was left alone.',
	'kept-edits':
		'The other note is back. The merged one was changed or deleted since and was left alone.',
	'other-changed':
		'Nothing was undone: the other note was changed or deleted since. The merged one still has both texts.'
};

const mostNamed = 5;

/** How many notes a merge changes beside the two, and which links it cannot save; empty for none. */
export const sayMergeLinks = ({ changed, lost }: MergeLinks): string =>
	[
		changed.length > 0 &&
			`Its [[links]] in ${plural(changed.length, 'note')} are changed to lead to the kept one: ${namesOf(changed)}.`,
		lost.length > 0 &&
			`Its [[links]] in ${plural(lost.length, 'note')} lead nowhere without it: ${namesOf(lost)}.`
	]
		.filter(Boolean)
		.join(' ');

const namesOf = (notes: readonly NoteReference[]): string => {
	const names = notes.slice(0, mostNamed).map(({ title }) => `“${title || 'Untitled'}”`);
	const more = notes.length > mostNamed ? ` and ${notes.length - mostNamed} more` : '';
	return `${names.join(', ')}${more}`;
};

/**
 * One note out of two: every line of both texts, and all tags. A text that stands in the other one
 * already, line for line, is not written twice; a title that differs is kept too. It is pinned when
 * one of them was.
 */
export const mergeNotes = (
	kept: Note,
	other: Note
): Pick<Required<NoteChange>, 'body' | 'tags' | 'pinned'> => ({
	body: joinTexts(kept, other),
	tags: [...new Set([...kept.tags, ...other.tags])],
	pinned: kept.pinned || other.pinned
});

const joinTexts = (kept: Note, other: Note): string => {
	const [mine, theirs] = [withoutBlankEnds(kept.body), withoutBlankEnds(other.body)];
	const title = other.title.trim();
	const isNamed = title === '' || title === kept.title.trim();
	if (holdsLines(mine, theirs)) return isNamed ? kept.body : withName(mine, title);
	if (holdsLines(theirs, mine)) return isNamed ? other.body : withName(theirs, title);
	const heading = isNamed ? '' : `## ${title}\n\n`;
	return `${mine}\n\n---\n\n${heading}${theirs}`;
};

/** Without the blank lines before and after it; the first line keeps its indent. */
const withoutBlankEnds = (body: string): string => {
	if (body.trim() === '') return '';
	const firstSign = body.length - body.trimStart().length;
	const afterText = body.indexOf('\n', body.trimEnd().length);
	const start = body.lastIndexOf('\n', firstSign) + 1;
	return body.slice(start, afterText === -1 ? undefined : afterText);
};

/** Whether one text is a run of whole lines of the other. */
const holdsLines = (text: string, part: string): boolean =>
	part === '' || `\n${text}\n`.includes(`\n${part}\n`);

const withName = (body: string, title: string): string =>
	`${body}${body === '' ? '' : '\n\n'}Also called “${title}”.`;
