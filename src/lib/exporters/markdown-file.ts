import type { Note } from '$lib/domain/note';
import {
	isUnderstoodKey,
	joinFrontmatter,
	ownMark,
	ownPathKey,
	safeFileName,
	safeFolder,
	splitFrontmatter,
	titleOf
} from '$lib/domain/note-file';
import { toIso } from '$lib/shared/time';
import { isMap, isScalar, parseDocument } from 'yaml';

export interface MarkdownFile {
	/** Folders and name inside the archive. */
	readonly path: string;
	readonly text: string;
}

/** Gives each note a file of its own: never the same path twice, in whatever case. */
export interface MarkdownFiler {
	toFile(note: Note): MarkdownFile;
}

export const createMarkdownFiler = (): MarkdownFiler => {
	const used = new Set<string>();
	return {
		toFile(note) {
			const folder = safeFolder(note.path);
			const stem = freeStem(folder, safeFileName(note.title), used);
			return { path: `${within(folder, stem)}.md`, text: textOf(note, folder, stem) };
		}
	};
};

const within = (folder: string, name: string): string => (folder ? `${folder}/${name}` : name);

const freeStem = (folder: string, name: string, used: Set<string>): string => {
	for (let count = 1; ; count += 1) {
		const stem = count === 1 ? name : `${name} (${count})`;
		const key = within(folder, stem).toLowerCase();
		if (used.has(key)) continue;
		used.add(key);
		return stem;
	}
};

const textOf = (note: Note, folder: string, stem: string): string => {
	const own = ownLines(note, folder, stem);
	const top = splitFrontmatter(note.body);
	const canMerge =
		top !== null && joinFrontmatter(top) === note.body && holdsOnlyForeignFields(top.block);
	return canMerge
		? joinFrontmatter({ block: own + top.block, rest: top.rest })
		: joinFrontmatter({ block: own, rest: note.body });
};

/** One line each, as JSON, which is YAML too: so an import can take exactly these away again. */
const ownLines = (note: Note, folder: string, stem: string): string => {
	const title = titleOf(stem, note.body) === note.title ? [] : [line('title', note.title)];
	const path = folder === note.path ? [] : [line(ownPathKey, note.path)];
	const pinned = note.pinned ? ['pinned: true\n'] : [];
	return [
		...title,
		line('tags', note.tags),
		`created: ${toIso(note.createdAtMs)}\n`,
		`updated: ${toIso(note.updatedAtMs)}\n`,
		...pinned,
		...path,
		line(ownMark, note.id)
	].join('');
};

const line = (key: string, value: string | readonly string[]): string =>
	`${key}: ${JSON.stringify(value)}\n`;

/** Properties that the user keeps in the text itself and that do not speak against ours. */
const holdsOnlyForeignFields = (block: string): boolean => {
	if (block.length > 32 * 1024 || block.includes('\r')) return false;
	const document = parseDocument(block, { schema: 'core', logLevel: 'silent', merge: false });
	const map = document.contents;
	if (document.errors.length > 0 || !isMap(map) || map.flow) return false;
	const names = map.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
	return names.length > 0 && names.every((name) => name !== '' && !isUnderstoodKey(name));
};
