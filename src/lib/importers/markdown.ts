import type { ImportedNote } from '$lib/domain/import';
import {
	joinFrontmatter,
	ownKeys,
	ownMark,
	safeFolder,
	splitFrontmatter,
	titleOf,
	type Frontmatter
} from '$lib/domain/note-file';
import { maxTags } from '$lib/domain/note-text';
import { decodeText } from './decode-text';
import {
	baseName,
	folderOf,
	type ImportSource,
	type NoteFormat,
	type ReadNote
} from './import-source';
import { inlineTags } from './inline-tags';
import { readProperties, type Properties } from './properties';

/** Markdown as Obsidian and Logseq keep it. The text stays as it was, wikilinks and all. */
export const markdownFormat: NoteFormat = {
	id: 'markdown',
	extensions: ['md', 'markdown', 'txt'],
	read: (source, bytes) => {
		const decoded = decodeText(bytes);
		if (decoded.text === null) return { note: null, reason: decoded.reason };
		const read = readMarkdown(source, decoded.text);
		if (decoded.encoding === 'UTF-8' || read.note === null) return read;
		return { ...read, changes: ['Converted from UTF-16 to UTF-8.', ...read.changes] };
	}
};

const readMarkdown = (source: ImportSource, text: string): ReadNote => {
	const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
	const top = splitFrontmatter(lines);
	const read = top ? readProperties(top.block) : null;
	if (!top || !read || read.kind === 'text') return withoutProperties(source, lines, []);
	if (read.kind === 'broken') {
		const change = `The properties at the top could not be read (${read.reason}): kept as text, tags and dates in them not used.`;
		return withoutProperties(source, lines, [change]);
	}
	return read.properties.isOwn
		? ownNote(source, splitFrontmatter(text) ?? top, read.properties)
		: foreignNote(source, top, read.properties);
};

const withoutProperties = (source: ImportSource, body: string, changes: string[]): ReadNote => {
	const isEmpty = body.trim() === '';
	const note: ImportedNote = {
		...placeAndTimes(source),
		title: titleOf(stemOf(source.path), body),
		body: isEmpty ? '' : body,
		tags: uniqueTags(inlineTags(body))
	};
	return {
		note,
		changes: isEmpty ? ['The file is empty: taken as a note without text.'] : changes
	};
};

const foreignNote = (source: ImportSource, top: Frontmatter, properties: Properties): ReadNote => {
	const { remaining, createdAtMs, updatedAtMs } = properties;
	const body =
		remaining.trim() === ''
			? top.rest.replace(/^(?:[ \t]*\n)+/, '')
			: joinFrontmatter({ block: remaining, rest: top.rest });
	const place = placeAndTimes(source);
	return {
		note: {
			...place,
			title: properties.title ?? titleOf(stemOf(source.path), body),
			body,
			tags: uniqueTags([...properties.tags, ...inlineTags(top.rest)]),
			createdAtMs: createdAtMs ?? earlier(place.createdAtMs, updatedAtMs),
			updatedAtMs: updatedAtMs ?? later(place.updatedAtMs, createdAtMs),
			...(properties.pinned ? { pinned: true } : {})
		},
		changes: body.trim() === '' ? ['The file has no text: taken as a note without text.'] : []
	};
};

/** A file that this app exported comes back as the note that it was. */
const ownNote = (source: ImportSource, top: Frontmatter, properties: Properties): ReadNote => {
	const { ownPath } = properties;
	const remaining = withoutOwnLines(top.block) ?? properties.remaining;
	const body = remaining === '' ? top.rest : joinFrontmatter({ block: remaining, rest: top.rest });
	const place = placeAndTimes(source);
	const isStillThere = ownPath !== null && safeFolder(ownPath) === place.path;
	return {
		note: {
			...place,
			path: isStillThere ? ownPath : place.path,
			title: properties.title ?? titleOf(stemOf(source.path), body),
			body,
			tags: properties.tags,
			createdAtMs: properties.createdAtMs ?? place.createdAtMs,
			updatedAtMs: properties.updatedAtMs ?? place.updatedAtMs,
			...(properties.pinned ? { pinned: true } : {})
		},
		changes: []
	};
};

/** The block behind the lines that an export wrote; null when they are no longer as it wrote them. */
const withoutOwnLines = (block: string): string | null => {
	let start = 0;
	for (;;) {
		const end = block.indexOf('\n', start) + 1;
		const key = /^([\w-]+): /.exec(block.slice(start, end))?.[1];
		if (end === 0 || !ownKeys.some((own) => own === key)) return null;
		if (key === ownMark) return block.slice(end);
		start = end;
	}
};

const placeAndTimes = (
	source: ImportSource
): Pick<ImportedNote, 'source' | 'path' | 'createdAtMs' | 'updatedAtMs'> => ({
	source: source.path,
	path: folderOf(source.path).normalize('NFC'),
	createdAtMs: source.modifiedAtMs,
	updatedAtMs: source.modifiedAtMs
});

const stemOf = (path: string): string => baseName(path).replace(/\.[^.]+$/, '');

/** Told apart as Obsidian does, without regard to case; the words themselves stay in the text anyway. */
const uniqueTags = (tags: readonly string[]): string[] => {
	const bySpelling = new Map<string, string>();
	for (const tag of tags) {
		const name = tag.normalize('NFC');
		if (!bySpelling.has(name.toLowerCase())) bySpelling.set(name.toLowerCase(), name);
	}
	return [...bySpelling.values()].slice(0, maxTags);
};

const earlier = (a: number | null, b: number | null): number | null =>
	a === null || b === null ? (a ?? b) : Math.min(a, b);

const later = (a: number | null, b: number | null): number | null =>
	a === null || b === null ? (a ?? b) : Math.max(a, b);
