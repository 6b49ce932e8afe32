import { chooseFolder, ownVault, takeImport } from './support/imports';
import { waitUntilIndexed } from './support/index-state';
import { manage } from './support/manage';
import { results, searchFor, waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

interface AccuracyData {
	readonly queries: number;
	readonly hybrid: { readonly hitAt1: number };
}

test('search is measured on the own notes, a right answer is pinned, and a collection stays apart', async ({
	app
}) => {
	const page = await app.open();
	await chooseFolder(page, app.url, ownVault);
	await takeImport(page);
	await waitUntilIndexed(page);

	await test.step('the note that answers a query is pinned in the search', async () => {
		await page.goto(app.url);
		await waitForNotebook(page);
		await searchFor(page, 'how do I fix my bike');
		await expect(results(page).first()).toContainText('Mending a bicycle tube');
		const pin = page.getByRole('button', { name: '“Mending a bicycle tube” is the right note' });
		await pin.click();
		await expect(pin).toHaveAttribute('aria-pressed', 'true');
	});

	await test.step('the page measures, compares and remembers', async () => {
		await page.goto(`${app.url}maintenance/accuracy/`);
		await expect(
			page.getByRole('cell', { name: 'how do I fix my bike', exact: true })
		).toBeVisible();
		for (const run of ['first', 'second']) {
			await page.getByRole('button', { name: 'Measure now' }).click();
			await expect(page.getByText(/questions asked in three ways/), run).toBeVisible();
		}
		await expect(page.getByText('No change against the run before')).toBeVisible();
		await page.reload();
		await expect(page.getByRole('img', { name: /over 2 runs/ })).toBeVisible();
		const data = await manage<AccuracyData>(page, 'evaluate_search --mode semantic');
		expect(data.queries).toBeGreaterThanOrEqual(20);
		expect(data.hybrid.hitAt1).toBeGreaterThan(0.5);
	});

	await test.step('a collection is measured in memory, and the notebook is as before', async () => {
		const notes = async () => (await manage<{ total: number }>(page, 'list_notes')).total;
		const before = await notes();
		await page.getByLabel('Choose a collection').setInputFiles('tests/fixtures/collection');
		await expect(page.getByText('4 documents and 3 questions with judged answers.')).toBeVisible();
		await page.getByRole('button', { name: 'Measure on the collection' }).click();
		const scores = page.getByRole('table', { name: 'Scores on the collection' });
		await expect(scores.getByRole('row', { name: /^Both/ })).toContainText(/[01]\.\d{4}/);
		expect(await manage(page, 'evaluate_search --collection')).toMatchObject({
			...{ documents: 4, queries: 3, enough: false }
		});
		expect(await notes()).toBe(before);
	});
});
