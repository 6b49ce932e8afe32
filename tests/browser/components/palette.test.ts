import type { SearchResponse } from '$lib/domain/search';
import { page, userEvent } from 'vitest/browser';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aNote } from '../../support/fake-notebook';
import { showNotesApp } from '../../support/show-notes-app';

type Shown = Awaited<ReturnType<typeof showNotesApp>>;
let shown: Shown;

const bread = aNote({ id: 'bread', title: 'Bread', body: 'a new note about flour' });
const soup = aNote({ id: 'soup', title: 'Soup', body: 'water' });

beforeEach(async () => {
	localStorage.clear();
	shown = await showNotesApp({ notes: [bread, soup] });
});
afterEach(async () => {
	await shown.app.editor.flush();
	await shown.end();
});

const openPalette = async (): Promise<void> => {
	await userEvent.keyboard('{Control>}k{/Control}');
	await expect.element(page.getByRole('combobox', { name: /^Find a note/ })).toHaveFocus();
	await expect.element(page.getByRole('option', { name: /Bread/ })).toBeVisible();
};

/** The search answers when the test says so. */
const holdSearch = (): ((found: boolean) => void) => {
	const { search } = shown.notebook;
	const whole = search.search.bind(search);
	const held: { promise: Promise<boolean>; resolve: (found: boolean) => void } =
		Promise.withResolvers<boolean>();
	vi.spyOn(search, 'search').mockImplementation(async (text, options): Promise<SearchResponse> => {
		const answer = await whole(text, options);
		return (await held.promise) ? answer : { ...answer, results: [] };
	});
	return held.resolve;
};

test('Enter waits for the answer, and never opens a note that was shown for other words', async () => {
	await openPalette();
	const answer = holdSearch();
	await userEvent.keyboard('new note{Enter}');
	answer(false);
	await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveFocus();
	await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('');
});

test('an action with the typed name comes before notes that only have the words inside', async () => {
	await openPalette();
	await userEvent.keyboard('new note');
	await expect
		.element(page.getByRole('dialog').getByRole('option').first())
		.toHaveTextContent('New note');
	await userEvent.keyboard('{Enter}');
	await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('');
});

test('a note with the typed words in its title comes first', async () => {
	await openPalette();
	await userEvent.keyboard('sou{Enter}');
	await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Soup');
});
