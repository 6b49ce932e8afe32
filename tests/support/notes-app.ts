import { EditorState } from '$lib/state/editor.svelte';
import { createDraftStore } from '$lib/state/editor-draft-store';
import { KeyPromptState } from '$lib/state/key-prompt.svelte';
import { startNewNote } from '$lib/state/new-note';
import { NoteIndexState } from '$lib/state/note-index.svelte';
import { NotesState } from '$lib/state/notes.svelte';
import { PaletteState } from '$lib/state/palette.svelte';
import { createNoteFinder } from '$lib/state/search-note-by-title';
import { RelatedState } from '$lib/state/search-related.svelte';
import { PinsState } from '$lib/state/search-pins.svelte';
import { SearchState } from '$lib/state/search.svelte';
import { SessionState } from '$lib/state/session.svelte';
import { ShellState } from '$lib/state/shell.svelte';
import { ToastsState } from '$lib/state/toasts.svelte';
import { createKeyPrompt } from '$lib/services/key-prompt';
import type { FakeNotebook } from './fake-notebook';

/** The page's state over fake services, wired as bootstrap wires it. */
export const createNotesApp = (fake: FakeNotebook) => {
	const { indexing, health, search, session } = fake;
	const toasts = new ToastsState();
	const shell = new ShellState(health, indexing);
	const notes = new NotesState(fake.notes, indexing, toasts);
	const editor = new EditorState({
		notes: fake.notes,
		session,
		toasts,
		drafts: createDraftStore(),
		now: Date.now,
		openNote: shell.openNote
	});
	const newNote = {
		id: 'new-note',
		label: 'New note',
		run: () => void startNewNote(notes, shell)
	};
	return {
		palette: new PaletteState({ search, notes: fake.notes, session, actions: [newNote] }),
		toasts,
		shell,
		notes,
		editor,
		session: new SessionState(session),
		keyPrompt: new KeyPromptState(createKeyPrompt()),
		search: new SearchState(search),
		pins: new PinsState(fake.accuracy, toasts),
		related: new RelatedState(search, indexing, { tagsFor: () => Promise.resolve([]) }),
		noteIndex: new NoteIndexState(fake.notes, indexing),
		findNote: createNoteFinder(search)
	};
};

export type NotesApp = ReturnType<typeof createNotesApp>;
