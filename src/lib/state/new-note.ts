import type { NotesState } from './notes.svelte';
import type { ShellState } from './shell.svelte';

/** Makes a note and opens it, from whatever page; its title takes the focus. */
export const startNewNote = async (notes: NotesState, shell: ShellState): Promise<void> => {
	const note = await notes.create();
	if (!note) return;
	shell.newNoteId = note.id;
	shell.openNote(note.id);
};
