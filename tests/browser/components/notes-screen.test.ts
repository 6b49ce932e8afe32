import { AppError } from '$lib/shared/app-error';
import axe from 'axe-core';
import { page, userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aNote } from '../../support/fake-notebook';
import { showNotesApp } from '../../support/show-notes-app';

type Shown = Awaited<ReturnType<typeof showNotesApp>>;
let shown: Shown | null = null;

const show = async (...options: Parameters<typeof showNotesApp>): Promise<Shown> => {
	shown = await showNotesApp(...options);
	return shown;
};

beforeEach(() => localStorage.clear());
afterEach(async () => {
	await shown?.app.editor.flush();
	await shown?.end();
	shown = null;
});

const many = Array.from({ length: 10_000 }, (_, i) =>
	aNote({
		id: `n${i}`,
		title: `Note number ${i}`,
		tags: i % 4 === 0 ? ['fourth'] : [],
		updatedAtMs: 2_000_000_000_000 - i
	})
);
const bread = aNote({ id: 'bread', title: 'Bread', body: 'flour', tags: ['kitchen'] });
const soup = aNote({ id: 'soup', title: 'Soup', body: 'water', updatedAtMs: 5 });

const row = (name: RegExp) => page.getByRole('link', { name });
const text = () => page.getByRole('textbox', { name: 'Note text' });

describe('writing', () => {
	test('a new note: the title takes the keys, Enter goes on to the text, Saved appears', async () => {
		const { notebook } = await show();
		await page.getByRole('button', { name: 'New note', exact: true }).click();
		await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveFocus();
		await expect.element(text()).toBeVisible();
		await userEvent.keyboard('Bicycle{Enter}Pump the tyre');
		await expect.element(page.getByText('Saved', { exact: true })).toBeVisible();
		const [note] = notebook.onDisk.values();
		expect(note).toMatchObject({ title: 'Bicycle', body: 'Pump the tyre' });
	});

	test('tags are added and taken away with the keyboard', async () => {
		const { notebook } = await show({ notes: [bread], open: 'bread' });
		await page.getByRole('combobox', { name: 'Add a tag' }).click();
		await userEvent.keyboard('sunday{Enter}rye,');
		await vi.waitFor(() =>
			expect(notebook.onDisk.get('bread')?.tags).toEqual(['kitchen', 'sunday', 'rye'])
		);
		await userEvent.keyboard('{Backspace}');
		await vi.waitFor(() =>
			expect(notebook.onDisk.get('bread')?.tags).toEqual(['kitchen', 'sunday'])
		);
	});

	test('a failed save is a bar with the reason, and “Try again” saves', async () => {
		const { notebook } = await show({ notes: [bread], open: 'bread' });
		await text().click();
		notebook.failure = new AppError('storage-full', 'full');
		await userEvent.keyboard('more ');
		await expect.element(page.getByRole('alert')).toHaveTextContent('Free some space');
		await expect.element(page.getByText('Not saved', { exact: true })).toBeVisible();
		notebook.failure = null;
		await page.getByRole('button', { name: 'Try again' }).click();
		await expect.element(page.getByText('Saved', { exact: true })).toBeVisible();
		expect(notebook.onDisk.get('bread')?.body).toContain('more');
	});

	test('a note of 200 kB opens, and a key does not read it all', async () => {
		const long = aNote({ id: 'long', title: 'Long', body: 'lorem ipsum dolor\n'.repeat(11_000) });
		const { app, notebook } = await show({ notes: [long], open: 'long' });
		await text().click();
		const read = vi.spyOn(app.editor, 'readBody');
		await userEvent.keyboard('abc');
		const whileTyping = read.mock.calls.length;
		await expect.element(page.getByText('Saved', { exact: true })).toBeVisible();
		expect(whileTyping).toBeLessThanOrEqual(1);
		expect(notebook.onDisk.get('long')?.body).toContain('abc');
	});

	test('the preview draws the Markdown and links the notes that exist', async () => {
		const linking = aNote({ id: 'l', title: 'Links', body: '**Bold** [[Soup]] [[Nowhere]]' });
		await show({ notes: [linking, soup], open: 'l' });
		await page.getByRole('button', { name: 'Preview' }).click();
		await page.getByRole('link', { name: 'Soup', exact: true }).click();
		await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Soup');
	});
});

describe('the list', () => {
	test('of 10,000 notes draws only what is in view and reads on while scrolling', async () => {
		const { notebook } = await show({ notes: many });
		const list = vi.spyOn(notebook.notes, 'list');
		await expect.element(page.getByText('10,000 notes')).toBeVisible();
		expect(document.querySelectorAll('[data-index]').length).toBeLessThan(60);
		const scroller = document.querySelector('[data-note-list]');
		scroller?.scrollTo(0, 76 * 5_000);
		await expect.element(row(/Note number 5001\b/)).toBeVisible();
		expect(document.querySelectorAll('[data-index]').length).toBeLessThan(60);
		expect(list.mock.calls.length).toBeLessThan(6);
	});

	test('is walked with the arrow keys, End and Enter', async () => {
		await show({ notes: many });
		await row(/Note number 0\b/).click();
		await userEvent.keyboard('{ArrowDown}{ArrowDown}');
		await expect.element(row(/Note number 2\b/)).toHaveFocus();
		await userEvent.keyboard('{End}');
		await expect.element(row(/Note number 9999\b/)).toHaveFocus();
		await userEvent.keyboard('{Home}{Enter}');
		await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Note number 0');
	});

	test('Delete moves to the trash, and Undo brings the note back', async () => {
		const { notebook } = await show({ notes: [bread, soup] });
		await row(/Soup/).click();
		await userEvent.keyboard('{Delete}');
		await vi.waitFor(() => expect(notebook.onDisk.get('soup')?.trashedAtMs).not.toBeNull());
		await page.getByRole('button', { name: 'Undo' }).click();
		await expect.element(row(/Soup/)).toBeVisible();
		expect(notebook.onDisk.get('soup')?.trashedAtMs).toBeNull();
	});

	test('a note leaves the trash for good only after a question', async () => {
		const gone = aNote({ id: 'gone', title: 'Gone', trashedAtMs: 9 });
		const { notebook } = await show({ notes: [bread, gone] });
		await page.getByRole('combobox', { name: 'Show' }).selectOptions('trash');
		await row(/Gone/).click();
		await page.getByRole('button', { name: 'Delete for good' }).click();
		expect(notebook.onDisk.has('gone')).toBe(true);
		await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
		await vi.waitFor(() => expect(notebook.onDisk.has('gone')).toBe(false));
	});

	test('is filtered by tag', async () => {
		await show({ notes: many });
		await page.getByRole('combobox', { name: 'Tag', exact: true }).selectOptions('fourth');
		await expect.element(page.getByText('2,500 notes')).toBeVisible();
	});

	test('that cannot be read says why and offers to try again', async () => {
		const { notebook, app } = await show();
		vi.spyOn(notebook.notes, 'list').mockRejectedValueOnce(new AppError('worker-died', 'died'));
		app.notes.sort = 'title';
		await expect.element(page.getByRole('alert')).toHaveTextContent('could not be read');
		await page.getByRole('button', { name: 'Try again' }).click();
		await expect.element(page.getByText('No notes yet')).toBeVisible();
	});
});

describe('keys', () => {
	test('/ goes to the search and ? shows the keys, but not while writing', async () => {
		const { app } = await show({ notes: [bread], open: 'bread' });
		await text().click();
		await userEvent.keyboard('a/?n');
		expect(app.editor.readBody()).toContain('a/?n');
		await row(/Bread/).click();
		await userEvent.keyboard('/');
		await expect.element(page.getByRole('combobox', { name: 'Search notes' })).toHaveFocus();
		await row(/Bread/).click();
		await userEvent.keyboard('?');
		await expect.element(page.getByRole('dialog')).toBeVisible();
		await userEvent.keyboard('{Escape}');
	});
});

describe('search', () => {
	test('is answered while typing; arrows and Enter open; Escape returns to the list', async () => {
		await show({ notes: [bread, soup] });
		await page.getByRole('combobox', { name: 'Search notes' }).click();
		await userEvent.keyboard('o');
		await expect.element(page.getByText('2 results')).toBeVisible();
		await userEvent.keyboard('{ArrowDown}{Enter}');
		await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Soup');
		await userEvent.keyboard('{Escape}');
		await expect.element(row(/Bread/)).toBeVisible();
	});

	test('the right note for a query is kept for the test of accuracy, and let go again', async () => {
		const { notebook } = await show({ notes: [bread, soup] });
		await page.getByRole('combobox', { name: 'Search notes' }).click();
		await userEvent.keyboard('o');
		await page.getByRole('button', { name: '“Bread” is the right note' }).click();
		await expect.element(page.getByRole('button', { pressed: true })).toBeVisible();
		expect(await notebook.accuracy.pins()).toMatchObject([{ query: 'o', noteId: 'bread' }]);
		await page.getByRole('button', { name: '“Bread” is the right note' }).click();
		await expect.element(page.getByRole('button', { pressed: true })).not.toBeInTheDocument();
		expect(await notebook.accuracy.pins()).toEqual([]);
	});

	test('that finds nothing offers what to try', async () => {
		const { app } = await show({ notes: [bread] });
		app.search.mode = 'keyword';
		await page.getByRole('combobox', { name: 'Search notes' }).click();
		await userEvent.keyboard('zebra');
		await page.getByRole('button', { name: 'Search by meaning too' }).click();
		expect(app.search.mode).toBe('hybrid');
	});
});

describe('without the notebook', () => {
	test('the page says why and what to do, and never shows an empty list', async () => {
		const { notebook } = await show({ notes: [bread] });
		const useHere = vi.spyOn(notebook.session, 'useHere');
		notebook.session.set({ phase: 'elsewhere', message: 'Open there.', errorCode: 'db-locked' });
		await page.getByRole('button', { name: 'Use here' }).click();
		expect(useHere).toHaveBeenCalledOnce();
		expect(document.body.textContent).not.toContain('No notes yet');
	});
});

describe('everybody can use it', () => {
	const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
	const findings = async (): Promise<string[]> => {
		const { violations } = await axe.run(document.body, { runOnly: { type: 'tag', values: tags } });
		return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
	};
	const long = aNote({
		id: 'long',
		title: 'A very long title without an end '.repeat(6),
		body: '# Head\n\n- [x] done\n\n| a | b |\n| - | - |\n| 1 | 2 |',
		tags: ['a', 'a-tag-that-is-rather-long-for-one']
	});

	test.each([
		[1280, 'light'],
		[1280, 'dark'],
		[360, 'light'],
		[360, 'dark']
	] as const)('at %i px, %s', async (width, theme) => {
		const { app, notebook } = await show({
			notes: [long, bread, soup],
			open: 'long',
			width,
			theme
		});
		app.shell.contextOpen = true;
		await expect.element(text()).toBeVisible();
		await expect.poll(findings).toEqual([]);
		await page.getByRole('button', { name: 'Preview' }).click();
		await expect.poll(findings).toEqual([]);
		app.search.query = 'o';
		app.toasts.say('Moved.', { label: 'Undo', run: () => undefined });
		app.shell.contextOpen = false;
		if (width < 640) await page.getByRole('button', { name: 'Back to the list' }).click();
		await expect.element(page.getByRole('option').first()).toBeVisible();
		await expect.poll(findings).toEqual([]);
		expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
		app.shell.helpOpen = true;
		await expect.element(page.getByRole('dialog')).toBeVisible();
		await expect.poll(findings).toEqual([]);
		app.shell.helpOpen = false;
		notebook.session.set({ phase: 'recovery', message: 'Malformed.', errorCode: 'db-damaged' });
		await expect.element(page.getByText('Your notebook needs repair')).toBeVisible();
		await expect.poll(findings).toEqual([]);
	});
});
