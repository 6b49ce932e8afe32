import { baseName, extensionOf } from './import-source';

const systemNames = new Set(['thumbs.db', 'desktop.ini', '__macosx']);

const kinds: readonly (readonly [string, readonly string[]])[] = [
	['a picture', ['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'avif', 'bmp', 'heic', 'ico']],
	['a sound', ['mp3', 'ogg', 'wav', 'm4a', 'flac', 'opus']],
	['a film', ['mp4', 'mov', 'webm', 'mkv', 'avi']],
	['a document', ['pdf', 'doc', 'docx', 'odt', 'xls', 'xlsx', 'ppt', 'pptx', 'epub']],
	['a view of Obsidian', ['base', 'canvas']],
	['an archive', ['zip', 'gz', 'tar', '7z', 'rar']]
];

/**
 * The hidden or system folder that a file lies in (or the file itself), which the report sums up in
 * one line; null for a file that the user knows of.
 */
export const hiddenPartOf = (path: string): string | null => {
	const parts = path.split('/');
	const index = parts.findIndex((part) => /^\.(?!\.?$)/.test(part) || isSystem(part));
	if (index === -1) return null;
	const isFolder = index < parts.length - 1;
	return parts.slice(0, index + 1).join('/') + (isFolder ? '/' : '');
};

const isSystem = (name: string): boolean => systemNames.has(name.toLowerCase());

/** Why a file that is no note is left out, in words. */
export const reasonToSkip = (path: string): string => {
	const extension = extensionOf(path);
	const kind = kinds.find(([, extensions]) => extensions.includes(extension))?.[0];
	if (kind === 'an archive') return 'An archive inside the choice: choose it by itself.';
	if (kind) return `Not a note but ${kind}: only text is taken.`;
	return extension === ''
		? `Not a note: “${baseName(path)}” has no ending such as .md or .txt.`
		: `Not a note: .${extension} files are not known here.`;
};
