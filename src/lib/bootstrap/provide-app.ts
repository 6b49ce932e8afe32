import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import {
	setEditor,
	setKeyPrompt,
	setNoteFinder,
	setNoteIndex,
	setNoteMap,
	setNotes,
	setPalette,
	setPins,
	setRelated,
	setSearch,
	setSession,
	setShell,
	setToasts
} from '$lib/state/context';
import { createDraftStore } from '$lib/state/editor-draft-store';
import { EditorState } from '$lib/state/editor.svelte';
import { KeyPromptState } from '$lib/state/key-prompt.svelte';
import { NoteIndexState } from '$lib/state/note-index.svelte';
import { NoteMapState } from '$lib/state/note-map.svelte';
import { NotesState } from '$lib/state/notes.svelte';
import { PaletteState } from '$lib/state/palette.svelte';
import { createNoteFinder } from '$lib/state/search-note-by-title';
import { RelatedState } from '$lib/state/search-related.svelte';
import { PinsState } from '$lib/state/search-pins.svelte';
import { SearchState } from '$lib/state/search.svelte';
import { SessionState } from '$lib/state/session.svelte';
import { ShellState } from '$lib/state/shell.svelte';
import { ToastsState } from '$lib/state/toasts.svelte';
import { paletteActions } from './palette-actions';
import { provideMaintenance } from './provide-maintenance';
import { readLastCopy } from './remember-copy';
import type { App } from './start-app';

/** Makes the state of every screen and hands it out by context. Called by the root layout. */
export const provideApp = (app: App): void => {
	const { services, updates } = app;
	const { health, indexing, notes, search, session } = services;
	const toasts = setToasts(new ToastsState());
	const shell = setShell(new ShellState(health, indexing));
	const list = setNotes(new NotesState(notes, indexing, toasts));
	setSession(new SessionState(session, readLastCopy));
	setKeyPrompt(new KeyPromptState(services.keyPrompt));
	setSearch(new SearchState(search));
	setPins(new PinsState(services.accuracy, toasts));
	setRelated(new RelatedState(search, indexing, services.suggestions));
	setNoteFinder(createNoteFinder(search));
	setNoteMap(new NoteMapState(services.noteMaps, search));
	setNoteIndex(new NoteIndexState(notes, indexing));
	const openNote = (id: string): void => {
		void goto(resolve(`/?note=${encodeURIComponent(id)}`));
	};
	shell.setNoteOpener(openNote);
	setEditor(
		new EditorState({
			notes,
			session,
			toasts,
			drafts: createDraftStore(),
			now: Date.now,
			openNote: shell.openNote,
			timed: services.latencies.timed
		})
	);
	const jobs = provideMaintenance(app, toasts);
	const actions = paletteActions({ shell, list, jobs });
	setPalette(new PaletteState({ search, notes, session, actions }));
	followSession(session, list);
	updates.onUpdateReady(() => (shell.updateReady = true));
	shell.applyUpdate = async () => {
		const outcome = await updates.applyUpdate();
		if (outcome === 'postponed')
			toasts.say('Another tab has unsaved edits. Try again in a moment.');
	};
};

const followSession = (session: App['services']['session'], list: NotesState): void => {
	session.onChanged(({ phase }) => {
		if (phase === 'ready') void list.load();
	});
	if (session.current.phase === 'ready') void list.load();
};
