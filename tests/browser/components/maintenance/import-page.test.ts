import ImportPage from '$lib/components/maintenance/ImportPage.svelte';
import { toAppError } from '$lib/shared/app-error';
import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { createFakeTransfer } from '../../../support/maintenance-services';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const show = () => {
	const fake = createFakeTransfer();
	end = showMaintenance({ screen: ImportPage, transfer: fake.service });
	return fake;
};
const files = () => page.getByLabelText('Choose files', { exact: true });

test('a folder and files can be chosen, each by its label', async () => {
	show();
	const folder = page.getByLabelText('Choose a folder', { exact: true });
	await expect.element(folder).toHaveAttribute('webkitdirectory');
	await expect.element(files()).toHaveAttribute('accept', '.md,.markdown,.txt,.zip');
	await expectAccessible();
});

test('what would be taken and what not is shown before anything is written', async () => {
	const { chosen } = show();
	await files().upload([new File(['a'], 'a.md'), new File(['p'], 'p.png')]);
	await expect.element(page.getByRole('heading', { name: '1 note found' })).toBeVisible();
	await expect.element(page.getByText(/left out: a picture|left out/).first()).toBeVisible();
	expect(chosen).toEqual(['a.md', 'p.png']);
	await expectAccessible();
	await page.getByRole('button', { name: /^Import/ }).click();
	await expect.element(page.getByText('1 note on disk, confirmed by the database.')).toBeVisible();
	await expect.element(page.getByText('p.png')).toBeVisible();
	await expectAccessible();
});

test('an import can be ended, and then says what was written until there', async () => {
	const { service } = show();
	service.importNotes = async ({ notes }, { signal } = {}) => {
		await new Promise((resolve) => signal?.addEventListener('abort', resolve));
		const remarks = notes.slice(1).map(({ source }) => ({
			source,
			outcome: 'skipped' as const,
			reason: 'Not written: the import had stopped before it.'
		}));
		return { taken: 1, changed: 0, skipped: 1, remarks, stopped: toAppError(signal?.reason) };
	};
	await files().upload([new File(['a'], 'a.md'), new File(['b'], 'b.md')]);
	await page.getByRole('button', { name: /^Import/ }).click();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await expect.element(page.getByRole('heading', { name: 'Import stopped' })).toBeVisible();
	await expect.element(page.getByText('1 note on disk, confirmed by the database.')).toBeVisible();
	await expect.element(page.getByText(/You ended the import/)).toBeVisible();
	await expect.element(page.getByText('b.md')).toBeVisible();
	await expectAccessible();
});

test('files of which none is a note are refused, and nothing can be imported', async () => {
	show();
	await files().upload([new File(['p'], 'p.png')]);
	await expect.element(page.getByRole('alert')).toHaveTextContent('Your notes are unchanged');
	await expect.element(page.getByRole('button', { name: /^Import/ })).not.toBeInTheDocument();
});
