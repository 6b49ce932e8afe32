import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from './support/axe';
import { waitUntilIndexed } from './support/index-state';
import { manage } from './support/manage';
import { waitForNotebook, writeNote } from './support/notes';
import { expect, test } from './support/test';

interface Models {
	readonly active: string;
	readonly models: readonly { readonly id: string; readonly vectors: number }[];
}

const readModels = async (page: Page): Promise<Models> => manage<Models>(page, 'models');

const vectorsOf = async (page: Page, id: string): Promise<number> =>
	(await readModels(page)).models.find((model) => model.id === id)?.vectors ?? 0;

const expectGood = async (page: Page, what: string): Promise<void> => {
	await expectAccessible(page, what);
	const size = page.viewportSize() ?? { width: 1280, height: 800 };
	await page.setViewportSize({ ...size, width: 360 });
	await expectNoSidewaysScroll(page, what);
	await page.setViewportSize(size);
};

test('the model is changed beside the old one, tried, accepted, and given back', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Bicycle', 'Patch the tube and pump the tyre.');
	for (const title of ['Garden', 'Letter', 'River']) {
		await manage(page, `create_note --title ${title} --body "Words about the ${title}."`);
	}
	await waitUntilIndexed(page);
	const { active: old } = await readModels(page);

	await app.open('maintenance/models/upgrade/');
	await page.getByRole('button', { name: 'Try static-en-256: backup first' }).click();
	const accept = page.getByRole('button', { name: 'Use static-en-256' });
	await expect(accept).toBeVisible({ timeout: 90_000 });
	await expect(page.getByText('not measured')).toHaveCount(0);
	expect(await readModels(page)).toMatchObject({ active: old });
	expect(await vectorsOf(page, 'static-en-256')).toBeGreaterThan(3);
	expect(await vectorsOf(page, old)).toBeGreaterThan(3);

	await test.step('what was left is found again after a reload', async () => {
		await page.reload();
		await expect(accept).toBeVisible({ timeout: 30_000 });
		await page.getByLabel('A search of yours').fill('tyre');
		await page.getByRole('button', { name: 'Ask both' }).click();
		await expect(page.getByRole('link', { name: 'Bicycle' })).toHaveCount(2, { timeout: 30_000 });
		await expectGood(page, 'both models beside each other');
	});

	await test.step('accepted, it answers; the way back needs no work', async () => {
		await accept.click();
		await expect(page.getByText('static-en-256 answers from now on.')).toBeVisible({
			timeout: 30_000
		});
		expect((await readModels(page)).active).toBe('static-en-256');
		await expectGood(page, 'the watch after the switch');
		await page.getByRole('button', { name: `Go back to ${old}` }).click();
		await expect(page.getByText(`${old} is in use again`)).toBeVisible({ timeout: 30_000 });
		expect((await readModels(page)).active).toBe(old);
		expect(await manage(page, 'embedding_status')).toMatchObject({ missing: 0, stale: 0 });
	});
});
