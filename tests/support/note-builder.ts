import type { ImportedNote } from '$lib/domain/import';
import type { Note, NoteDraft } from '$lib/domain/note';

let made = 0;

/** A draft with an id of its own; tell only what the test is about. */
export const aDraft = (fields: Partial<NoteDraft> = {}): NoteDraft => {
	made += 1;
	return { id: `note-${made}`, title: `Note ${made}`, body: `Text of note ${made}.`, ...fields };
};

export const aNote = (fields: Partial<Note> = {}): Note => {
	made += 1;
	return {
		id: `note-${made}`,
		title: `Note ${made}`,
		body: `Text of note ${made}.`,
		tags: [],
		path: '',
		pinned: false,
		createdAtMs: 1_000,
		updatedAtMs: 2_000,
		trashedAtMs: null,
		...fields
	};
};

export const anImportedNote = (fields: Partial<ImportedNote> = {}): ImportedNote => {
	made += 1;
	return {
		source: `note-${made}.md`,
		title: `Note ${made}`,
		body: `Text of note ${made}.`,
		tags: [],
		path: '',
		createdAtMs: null,
		updatedAtMs: null,
		...fields
	};
};

/** A write id or note id that no other test has. */
export const anId = (): string => {
	made += 1;
	return `id-${made}`;
};
