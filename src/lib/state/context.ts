import { createContext } from 'svelte';
import type { EditorState } from './editor.svelte';
import type { NotesState } from './notes.svelte';
import type { FindNoteByTitle } from './search-note-by-title';
import type { RelatedState } from './search-related.svelte';
import type { SearchState } from './search.svelte';
import type { SessionState } from './session.svelte';
import type { ShellState } from './shell.svelte';
import type { ToastsState } from './toasts.svelte';

export const [getSession, setSession] = createContext<SessionState>();
export const [getShell, setShell] = createContext<ShellState>();
export const [getToasts, setToasts] = createContext<ToastsState>();
export const [getNotes, setNotes] = createContext<NotesState>();
export const [getEditor, setEditor] = createContext<EditorState>();
export const [getSearch, setSearch] = createContext<SearchState>();
export const [getRelated, setRelated] = createContext<RelatedState>();
export const [getNoteFinder, setNoteFinder] = createContext<FindNoteByTitle>();
