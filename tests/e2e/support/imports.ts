import { expect, type Page } from '@playwright/test';
import { existsSync } from 'node:fs';

/** Our own small vault: 28 files, 25 of them notes. */
export const ownVault = 'tests/fixtures/notes';

/** Real vaults, lent for tests: not part of the repository. */
export const realVaults = '../shared/data/vaults';
export const hasRealVaults = existsSync(realVaults);

export interface FileContent {
	readonly name: string;
	readonly mimeType: string;
	readonly buffer: Buffer;
}

export const aFile = (name: string, content: string | Uint8Array): FileContent => ({
	name,
	mimeType: name.endsWith('.zip') ? 'application/zip' : 'text/markdown',
	buffer: Buffer.from(content as string)
});

/** Chooses on the import page; what was found is on the screen then, and nothing is written. */
export const chooseFolder = async (page: Page, url: string, folder: string): Promise<void> => {
	await page.goto(`${url}import/`);
	await page.getByLabel('Choose a folder', { exact: true }).setInputFiles(folder);
	await previewShown(page);
};

export const chooseFiles = async (
	page: Page,
	url: string,
	files: readonly FileContent[]
): Promise<void> => {
	await page.goto(`${url}import/`);
	await page.getByLabel('Choose files', { exact: true }).setInputFiles([...files]);
	await previewShown(page);
};

const previewShown = async (page: Page): Promise<void> =>
	expect(page.getByRole('button', { name: 'Choose something else' })).toBeVisible({
		timeout: 120_000
	});

/** Takes what was chosen, and waits for the report. */
export const takeImport = async (page: Page): Promise<void> => {
	await page.getByRole('button', { name: /^Import / }).click();
	await expect(page.getByText('Import finished')).toBeVisible({ timeout: 60_000 });
};

/** Every remark as `file: what became of it`. */
export const remarks = async (page: Page): Promise<string[]> => {
	const rows = page.getByRole('region', { name: 'Remarks' }).getByRole('listitem');
	const texts = await rows.allInnerTexts();
	return texts.map((text) => text.replace(/\s+/g, ' '));
};
