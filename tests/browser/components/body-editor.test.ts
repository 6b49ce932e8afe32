import { page, userEvent } from 'vitest/browser';
import { expect, onTestFinished, test } from 'vitest';
import { aNote } from '../../support/fake-notebook';
import { showNotesApp } from '../../support/show-notes-app';

/** Calls back as soon as the plain field is there: on a fast machine the editor follows within moments. */
const whenPlain = (write: (field: HTMLTextAreaElement) => void): void => {
	const looking = new MutationObserver(() => {
		const field = document.querySelector<HTMLTextAreaElement>('textarea[aria-label="Note text"]');
		if (!field) return;
		looking.disconnect();
		write(field);
	});
	looking.observe(document, { childList: true, subtree: true });
	onTestFinished(() => looking.disconnect());
};

test('a text begun before the editor’s code has come goes on in the editor', async () => {
	localStorage.clear();
	const soup = aNote({ id: 'soup', title: 'Soup', body: 'water' });
	whenPlain((field) => {
		field.focus();
		field.setRangeText('hot ', 0, 0, 'end');
		field.dispatchEvent(new InputEvent('input', { bubbles: true }));
	});
	const { notebook, app, end } = await showNotesApp({ notes: [soup], open: 'soup' });
	await expect.poll(() => document.querySelector('.cm-editor')).not.toBeNull();
	const text = page.getByRole('textbox', { name: 'Note text' });
	await expect.element(text).toHaveFocus();
	await userEvent.keyboard('clear ');
	await expect.element(page.getByText('Saved', { exact: true })).toBeVisible();
	await app.editor.flush();
	expect(notebook.onDisk.get('soup')?.body).toBe('hot clear water');
	await end();
});

test('a very long note is written in the editor alone, its whole text is never laid out', async () => {
	localStorage.clear();
	const body = 'A sentence of a long note. '.repeat(8_000);
	const book = aNote({ id: 'book', title: 'Book', body });
	const { app, end } = await showNotesApp({ notes: [book], open: 'book' });
	await expect.poll(() => document.querySelector('.cm-editor')).not.toBeNull();
	expect(app.editor.readBody()).toBe(body);
	expect(document.querySelectorAll('textarea[aria-label="Note text"]')).toHaveLength(0);
	expect(document.querySelector('.cm-content')?.textContent.length).toBeLessThan(body.length / 2);
	await end();
});
