import { AppError } from '$lib/shared/app-error';
import { createDraftStore } from '$lib/state/editor-draft-store';
import { EditorState } from '$lib/state/editor.svelte';
import { ToastsState } from '$lib/state/toasts.svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { aNote, createFakeNotebook, type FakeNotebook } from '../../support/fake-notebook';

beforeEach(() => localStorage.clear());

const bread = aNote({ id: 'bread', title: 'Bread', body: 'flour' });
const soup = aNote({ id: 'soup', title: 'Soup', body: 'water' });
const full = new AppError('storage-full', 'The disk is full.');

/** An editor over the notebook: each call is a fresh start of the page on the same browser. */
const startEditor = (notebook: FakeNotebook, drafts = createDraftStore()) => {
	const toasts = new ToastsState();
	const opened: string[] = [];
	const editor = new EditorState({
		notes: notebook.notes,
		session: notebook.session,
		toasts,
		drafts,
		now: Date.now,
		openNote: (id) => void opened.push(id)
	});
	return { editor, toasts, opened };
};

const write = (editor: EditorState, body: string): void => {
	editor.attachBody({ read: () => body, length: () => body.length });
	editor.bodyEdited();
};

const bodies = (notebook: FakeNotebook): string[] =>
	[...notebook.onDisk.values()].map(({ body }) => body).sort();

describe('saving', () => {
	test('“saved” is said only after the notebook confirmed it', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		let release = (): void => undefined;
		notebook.gate = new Promise((resolve) => (release = resolve));
		write(editor, 'flour and water');
		expect(editor.saveState).toBe('dirty');
		const flushed = editor.flush();
		await vi.waitFor(() => expect(notebook.saves).toHaveLength(1));
		expect(editor.saveState).toBe('saving');
		release();
		expect(await flushed).toBe(true);
		expect(editor.saveState).toBe('saved');
		expect(notebook.onDisk.get('bread')?.body).toBe('flour and water');
	});

	test('a key pressed while saving is saved too, without a copy', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		let release = (): void => undefined;
		notebook.gate = new Promise((resolve) => (release = resolve));
		write(editor, 'flour a');
		void editor.flush();
		await vi.waitFor(() => expect(notebook.saves).toHaveLength(1));
		write(editor, 'flour ab');
		release();
		await vi.waitFor(() => expect(editor.saveState).toBe('saved'));
		expect(bodies(notebook)).toEqual(['flour ab']);
	});

	test('a failure says so, keeps the text, and the retry saves it', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		notebook.failure = full;
		write(editor, 'flour and water');
		expect(await editor.flush()).toBe(false);
		expect(editor.saveState).toBe('failed');
		expect(editor.error).toContain('no room left');
		notebook.failure = null;
		expect(await editor.flush()).toBe(true);
		expect(editor.saveState).toBe('saved');
		expect(editor.error).toBeNull();
		expect(bodies(notebook)).toEqual(['flour and water']);
	});

	test('opening another note saves the one before', async () => {
		const notebook = createFakeNotebook([bread, soup]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		write(editor, 'flour and water');
		await editor.open('soup');
		expect(editor.readBody()).toBe('water');
		expect(bodies(notebook)).toEqual(['flour and water', 'water']);
	});

	test('a hand-over to another tab waits for the text', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		write(editor, 'flour and water');
		await notebook.session.flush();
		expect(bodies(notebook)).toEqual(['flour and water']);
	});

	test('an update or reload does not go on over a text that cannot be written', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		notebook.failure = full;
		write(editor, 'flour and water');
		await expect(notebook.session.flush()).rejects.toMatchObject({ code: 'busy' });
		notebook.failure = null;
		await notebook.session.flush();
		expect(bodies(notebook)).toEqual(['flour and water']);
	});

	test('pinning after an edit makes no copy of the note', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		write(editor, 'flour and water');
		await editor.setPinned(true);
		write(editor, 'flour, water, salt');
		await editor.flush();
		expect(bodies(notebook)).toEqual(['flour, water, salt']);
		expect(notebook.onDisk.get('bread')?.pinned).toBe(true);
	});
});

describe('nothing typed is lost', () => {
	test('a tab killed before the save: the text is there at the next start', async () => {
		const notebook = createFakeNotebook([bread]);
		const killed = startEditor(notebook);
		await killed.editor.open('bread');
		notebook.gate = new Promise(() => undefined); // the worker never answers
		write(killed.editor, 'flour and water');

		const again = createFakeNotebook([bread]);
		const { editor, toasts } = startEditor(again);
		await editor.open('bread');
		await editor.flush();
		expect(bodies(again)).toEqual(['flour and water']);
		expect(createDraftStore().all()).toEqual([]);
		expect(toasts.shown.map(({ message }) => message).join()).toContain('put back');
	});

	test('a text of a note changed meanwhile is kept beside the other version', async () => {
		const notebook = createFakeNotebook([bread]);
		const killed = startEditor(notebook);
		await killed.editor.open('bread');
		notebook.gate = new Promise(() => undefined);
		write(killed.editor, 'mine');

		const changed = createFakeNotebook([{ ...bread, body: 'theirs', updatedAtMs: 77_000 }]);
		const { editor } = startEditor(changed);
		await editor.open('bread');
		expect(bodies(changed)).toEqual(['mine', 'theirs']);
	});

	test('a note deleted elsewhere comes back with the text as a new note', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor, opened } = startEditor(notebook);
		await editor.open('bread');
		notebook.onDisk.delete('bread');
		write(editor, 'flour and water');
		expect(await editor.flush()).toBe(true);
		expect(bodies(notebook)).toEqual(['flour and water']);
		expect(opened).toEqual([editor.note?.id]);
	});

	test('a note moved to the trash while it is edited comes back with the text, and says so', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor, toasts } = startEditor(notebook);
		await editor.open('bread');
		write(editor, 'flour and water');
		await notebook.notes.trash('bread');
		expect(await editor.flush()).toBe(true);
		expect(notebook.onDisk.get('bread')).toMatchObject({
			...{ body: 'flour and water', trashedAtMs: null }
		});
		expect(editor.isReadOnly).toBe(false);
		expect(toasts.shown.map(({ message }) => message).join()).toContain(
			'It is back, with your text.'
		);
	});

	test('a note left while the disk is full is kept and saved with the next success', async () => {
		const notebook = createFakeNotebook([bread, soup]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		notebook.failure = full;
		write(editor, 'flour and water');
		await editor.open('soup');
		expect(editor.unsavedElsewhere).toBe(1);
		notebook.failure = null;
		write(editor, 'broth');
		await editor.flush();
		await vi.waitFor(() => expect(editor.unsavedElsewhere).toBe(0));
		expect(bodies(notebook)).toEqual(['broth', 'flour and water']);
	});

	test('a refused localStorage loses nothing while the page lives', async () => {
		const refusing = createDraftStore(() => {
			throw new DOMException('denied', 'SecurityError');
		});
		const notebook = createFakeNotebook([bread, soup]);
		const { editor } = startEditor(notebook, refusing);
		await editor.open('bread');
		notebook.failure = full;
		write(editor, 'flour and water');
		await editor.open('soup');
		notebook.failure = null;
		await editor.open('bread');
		expect(editor.readBody()).toBe('flour and water');
		expect(await editor.flush()).toBe(true);
		expect(bodies(notebook)).toEqual(['flour and water', 'water']);
	});

	test('the page asks before it closes only while something is unsaved', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		const stop = editor.watchPage();
		const close = (): boolean => {
			const event = new Event('beforeunload', { cancelable: true });
			window.dispatchEvent(event);
			return event.defaultPrevented;
		};
		await editor.open('bread');
		expect(close()).toBe(false);
		write(editor, 'flour and water');
		expect(close()).toBe(true);
		await editor.flush();
		expect(close()).toBe(false);
		stop();
	});

	test('a page that is put away sends and keeps the text at once', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		const stop = editor.watchPage();
		await editor.open('bread');
		const long = 'x'.repeat(150_000);
		write(editor, long);
		expect(createDraftStore().read('bread')).toBeNull(); // long texts are not written at each key
		window.dispatchEvent(new Event('pagehide'));
		expect(createDraftStore().read('bread')?.body).toBe(long);
		await vi.waitFor(() => expect(bodies(notebook)).toEqual([long]));
		stop();
	});
});

describe('changes from elsewhere', () => {
	test('show in the open note when nothing was typed', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		notebook.writeElsewhere('bread', { body: 'rye' });
		await vi.waitFor(() => expect(editor.readBody()).toBe('rye'));
		expect(editor.saveState).toBe('clean');
	});

	test('do not replace what is being typed: both versions stay', async () => {
		const notebook = createFakeNotebook([bread]);
		const { editor } = startEditor(notebook);
		await editor.open('bread');
		write(editor, 'mine');
		notebook.writeElsewhere('bread', { body: 'theirs' });
		await editor.flush();
		expect(bodies(notebook)).toEqual(['mine', 'theirs']);
	});
});
