/** The last of the properties that an export of this app writes: it marks the file as one of ours. */
export const ownMark = 'ai-notes-id';
/** Written when the folders of the archive cannot hold the note's path as it is. */
export const ownPathKey = 'ai-notes-path';

/** What an export of this app puts before the user's own properties, in this order. */
export const ownKeys = [
	'title',
	'tags',
	'created',
	'updated',
	'pinned',
	ownPathKey,
	ownMark
] as const;

/** Properties that an import understands, in lower case, the best first. */
export const createdKeys = ['created', 'created_at', 'createdat', 'date created', 'date'] as const;
export const updatedKeys = [
	'updated',
	'updated_at',
	'updatedat',
	'modified',
	'date modified',
	'lastmod'
] as const;
export const tagKeys = ['tags', 'tag'] as const;

export const isUnderstoodKey = (key: string): boolean => understoodKeys.has(key.toLowerCase());

const understoodKeys = new Set<string>([...ownKeys, ...createdKeys, ...updatedKeys, ...tagKeys]);

export interface Frontmatter {
	/** The lines between the two rulers, each with its line end; empty when there are none. */
	readonly block: string;
	readonly rest: string;
}

/** The properties at the top of a Markdown text, or null. Their YAML is not looked at. */
export const splitFrontmatter = (text: string): Frontmatter | null => {
	const opening = /^---[ \t]*\n/.exec(text)?.[0];
	if (opening === undefined) return null;
	const closing = /^---[ \t]*(?:\n|$(?![^]))/gm;
	closing.lastIndex = opening.length;
	const match = closing.exec(text);
	if (!match) return null;
	return {
		block: text.slice(opening.length, match.index),
		rest: text.slice(match.index + match[0].length)
	};
};

/** As `splitFrontmatter`, only where the block begins with a property: two rulers are just that. */
export const splitProperties = (text: string): Frontmatter | null => {
	const parts = splitFrontmatter(text);
	return parts && /^[\w-][^:\n]*:(?:\s|$)/.test(parts.block) ? parts : null;
};

export const joinFrontmatter = ({ block, rest }: Frontmatter): string =>
	`---\n${block}---\n${rest}`;

/** The text of the first line that has any, when it is a `# heading`; else null. */
export const firstHeading = (body: string): string | null => {
	const text = splitFrontmatter(body)?.rest ?? body;
	const line = /^\s*([^\n]*)/.exec(text)?.[1] ?? '';
	return /^#[ \t]+(.*?)[ \t]*#*[ \t]*$/.exec(line)?.[1]?.normalize('NFC') ?? null;
};

/** Letters and digits alone, in lower case: what two spellings of one title share. */
export const lettersOf = (text: string): string =>
	text
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]/gu, '');

/** A name that a program made of a title: `append-to-a-list`, `append_to_a_list`. No plain date. */
const isSlug = (stem: string): boolean =>
	/^[\p{Ll}\p{N}]+(?:[-_][\p{Ll}\p{N}]+)+$/u.test(stem) && /\p{Ll}/u.test(stem);

/**
 * The title of a note that does not name one itself: its file's name, as in Obsidian. A name that is
 * only a slug gives way to the heading at the top of the text, and so does one that says the same.
 */
export const titleOf = (stem: string, body: string): string => {
	const name = stem.normalize('NFC');
	const heading = firstHeading(body);
	if (!heading || heading.length > 200) return name;
	const isSame = lettersOf(heading) === lettersOf(name) && lettersOf(name) !== '';
	return isSame || isSlug(name) ? heading : name;
};

const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** A name that every file system takes: no separators, control or reserved characters, at most 120. */
export const safeFileName = (name: string): string => {
	const plain = name
		.normalize('NFC')
		.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]/gu, '-')
		.replace(/\s+/g, ' ');
	const cut = [...plain].slice(0, 120).join('');
	const trimmed = cut.replace(/^[. ]+|[. ]+$/g, '');
	if (trimmed === '') return 'Untitled';
	return reserved.test(trimmed.split('.')[0] ?? '') ? `_${trimmed}` : trimmed;
};

/** The same for each folder of a path. */
export const safeFolder = (path: string): string =>
	path
		.split('/')
		.filter((part) => part !== '')
		.slice(0, 30)
		.map(safeFileName)
		.join('/');
