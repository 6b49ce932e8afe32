import type { ImportedNote } from '$lib/domain/import';

/** The notes that the harness put beside this page. */
export const fetchNotes = async (): Promise<readonly ImportedNote[]> => {
	const response = await fetch('bench-notes.json');
	if (!response.ok) throw new Error(`bench-notes.json: ${response.status}`);
	return (await response.json()) as readonly ImportedNote[];
};
