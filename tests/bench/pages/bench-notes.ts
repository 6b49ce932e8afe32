import type { ImportedNote } from '$lib/domain/import';
import { readFiles } from '$lib/importers/read-files';
import type { BenchNote } from '../harness/notes';

/** The notes that the harness put beside this page, as the app's own importer reads them. */
export const fetchNotes = async (
	name: 'bench-notes.json' | 'bench-notes-10000.json' = 'bench-notes.json'
): Promise<readonly ImportedNote[]> => {
	const response = await fetch(name);
	if (!response.ok) throw new Error(`${name}: ${response.status}`);
	const found = (await response.json()) as readonly BenchNote[];
	const files = found.map(({ path, text, modifiedAtMs }) => ({
		path,
		file: new File([text], path, { lastModified: modifiedAtMs })
	}));
	return (await readFiles(files)).notes;
};
