import { expect, type Locator, type Page } from '@playwright/test';

/** Waits until the notebook is open. */
export const waitForNotebook = async (page: Page): Promise<void> =>
	expect(page.getByRole('button', { name: 'New note' }).first()).toBeVisible();

export const titleField = (page: Page): Locator =>
	page.getByRole('textbox', { name: 'Title', exact: true });

export const bodyField = (page: Page): Locator => page.getByRole('textbox', { name: 'Note text' });

/** Writes a note as a user does, and waits until the app says that it is on disk. */
export const writeNote = async (page: Page, title: string, body: string): Promise<void> => {
	await startNote(page, title, body);
	await expectSaved(page);
};

/** As `writeNote`, without waiting: the last words may not be on disk yet. */
export const startNote = async (page: Page, title: string, body: string): Promise<void> => {
	const before = page.url();
	await page.getByRole('button', { name: 'New note' }).first().click();
	await expect(page).not.toHaveURL(before);
	await expect(titleField(page)).toHaveValue('');
	await titleField(page).fill(title);
	await bodyField(page).click();
	await page.keyboard.insertText(body);
};

export const expectSaved = async (page: Page): Promise<void> =>
	expect(
		page.getByRole('region', { name: 'Note', exact: true }).getByText('Saved', { exact: true })
	).toBeVisible();

/** Opens a note from the list by its title. */
export const openNote = async (page: Page, title: string): Promise<void> => {
	await page.getByRole('region', { name: 'Notes', exact: true }).getByText(title).first().click();
	await expect(titleField(page)).toHaveValue(title);
};

/** Types into the search box; the results as they stand are returned by `results`. */
export const searchFor = async (page: Page, query: string): Promise<void> =>
	page.getByRole('combobox', { name: 'Search notes' }).fill(query);

export const results = (page: Page): Locator =>
	page.getByRole('listbox', { name: 'Results' }).getByRole('option');
