import type { Note } from '$lib/domain/note';
import { mount, unmount } from 'svelte';
import { page } from 'vitest/browser';
import { createFakeNotebook } from './fake-notebook';
import { createNotesApp } from './notes-app';
import NotesAppFrame from './NotesAppFrame.svelte';

interface Options {
	readonly notes?: readonly Note[];
	/** The note that the address names. */
	readonly open?: string;
	readonly width?: number;
	readonly theme?: 'light' | 'dark';
}

/** The notes page as a person sees it, over notes in memory. Call `end` when done. */
export const showNotesApp = async ({ notes = [], open, width = 1280, theme }: Options = {}) => {
	await page.viewport(width, 800);
	const notebook = createFakeNotebook(notes);
	const app = createNotesApp(notebook);
	app.shell.theme = theme ?? 'light';
	await app.notes.load();
	const props = { app, first: open ?? null };
	const component = mount(NotesAppFrame, { target: document.body, props });
	return { notebook, app, end: () => unmount(component) };
};
