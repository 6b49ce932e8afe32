import type { ChosenFile } from '$lib/domain/import';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A folder on disk as the browser gives it after "Choose a folder": paths inside it, in order. */
export const filesIn = async (folder: string): Promise<ChosenFile[]> => {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)))
		.toSorted();
	return Promise.all(paths.map(async (path) => toChosen(folder, path)));
};

const toChosen = async (folder: string, path: string): Promise<ChosenFile> => {
	const full = join(folder, path);
	const [bytes, { mtimeMs }] = await Promise.all([readFile(full), stat(full)]);
	const name = path.slice(path.lastIndexOf('/') + 1);
	return { path, file: new File([bytes], name, { lastModified: Math.round(mtimeMs) }) };
};
