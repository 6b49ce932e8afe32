import { readFileSync } from 'node:fs';
import { makeZip } from '../support/make-zip';
import { aFile, chooseFiles, chooseFolder, ownVault, takeImport } from './support/imports';
import { waitUntilIndexed, type EmbeddingStatusData } from './support/index-state';
import { manage } from './support/manage';
import { results, searchFor, titleField, waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

interface Pair {
	readonly query: string;
	/** The file of the note that answers it; tests/unit/importers/fixture-vault.test.ts proves that they share no word. */
	readonly source: string;
}

const pairs = JSON.parse(readFileSync('tests/fixtures/notes-pairs.json', 'utf8')) as Pair[];

const titleOf = ({ source }: Pair): string => source.replace(/^.*\/|\.md$/g, '');

test('a question finds the note that answers it in other words, and the search is driven by keys', async ({
	app
}) => {
	const page = await app.open();
	await chooseFolder(page, app.url, ownVault);
	await takeImport(page);
	await waitUntilIndexed(page);
	await page.goto(app.url);
	await waitForNotebook(page);
	const box = page.getByRole('combobox', { name: 'Search notes' });
	const first = results(page).first();
	const heading = (text: string) => page.getByRole('region', { name: 'Notes' }).getByText(text);

	await test.step('by meaning: each of the pairs, the note first', async () => {
		expect(pairs.length).toBeGreaterThanOrEqual(8);
		expect(pairs.map(({ query }) => query)).toContain('how do I fix my bike');
		for (const pair of pairs) {
			await searchFor(page, pair.query);
			await expect(first, pair.query).toContainText(titleOf(pair));
			await expect(first, pair.query).toContainText('meaning');
		}
		await expect(heading('Meaning search covers')).toHaveCount(0);
	});

	await test.step('words, meaning or both', async () => {
		await searchFor(page, 'how do I fix my bike');
		await page.getByRole('radio', { name: 'Words' }).check();
		await expect(heading('Nothing found')).toBeVisible();
		await page.getByRole('button', { name: 'Search by meaning too' }).click();
		await expect(page.getByRole('radio', { name: 'Both' })).toBeChecked();
		await expect(first).toContainText('Mending a bicycle tube');
		await page.getByRole('radio', { name: 'Meaning' }).check();
		await searchFor(page, 'bicycle');
		await expect(first).toContainText('Mending a bicycle tube');
		await expect(first.locator('mark')).toHaveCount(0);
		await page.getByRole('radio', { name: 'Both' }).check();
		await expect(first.locator('mark')).toHaveText(['bicycle']);
		await expect(first).toContainText('Repairs');
	});

	await test.step('an empty result says what to try', async () => {
		await page.getByRole('radio', { name: 'Words' }).check();
		await searchFor(page, 'xylophone qwerty');
		await expect(heading('Nothing found')).toBeVisible();
		await expect(heading('No note has these words.')).toBeVisible();
		await page.getByRole('radio', { name: 'Both' }).check();
		await page.getByRole('button', { name: 'Clear the search' }).first().click();
		await expect(heading('25 notes')).toBeVisible();
	});

	await test.step('slash, arrows, Enter, Escape', async () => {
		await page.keyboard.press('Escape');
		await page.locator('body').click({ position: { x: 900, y: 700 } });
		await page.keyboard.press('/');
		await expect(box).toBeFocused();
		await page.keyboard.insertText('music');
		await expect(first).toContainText('Piano practice');
		await expect(page.getByText('1 result', { exact: true })).toHaveCount(0);
		await expect(first).toHaveAttribute('aria-selected', 'true');
		await page.keyboard.press('ArrowDown');
		const second = results(page).nth(1);
		await expect(second).toHaveAttribute('aria-selected', 'true');
		await expect(box).toHaveAttribute(
			'aria-activedescendant',
			(await second.getAttribute('id')) ?? ''
		);
		await page.keyboard.press('ArrowUp');
		await expect(first).toHaveAttribute('aria-selected', 'true');
		await page.keyboard.press('Enter');
		await expect(titleField(page)).toHaveValue('Piano practice');
		await expect(box).toHaveValue('music');
		await page.keyboard.press('Escape');
		await expect(box).toHaveValue('');
		await expect(box).toBeFocused();
		await expect(heading('25 notes')).toBeVisible();
		await expect(titleField(page)).toHaveValue('Piano practice');
	});

	await test.step('beside an open note stand those that are near to it in meaning', async () => {
		await searchFor(page, 'migraine');
		await first.click();
		await expect(titleField(page)).toHaveValue('Migraine diary');
		await page.getByRole('button', { name: 'Related notes', exact: true }).click();
		const related = page.getByRole('complementary', { name: 'Related notes' }).getByRole('link');
		await expect(related.first()).toContainText(/Insomnia|Running plan/);
		const title = (await related.first().innerText()).split('\n')[0] ?? '';
		await related.first().click();
		await expect(titleField(page)).toHaveValue(title);
	});
});

test('while notes are still being read for meaning, search says how many it covers', async ({
	app
}) => {
	const page = await app.open();
	// So much to read that a fast machine is still at it at the end of this test.
	const entry = (index: number): string =>
		`Entry ${index} of the harbour log: wind from the west, ${index % 97} boats at the quay. `;
	const content = Object.fromEntries(
		Array.from({ length: 1_500 }, (_, index) => [`n${index}.md`, entry(index).repeat(40)])
	);
	const zip = new Uint8Array(await (await makeZip(content)).arrayBuffer());
	await chooseFiles(page, app.url, [aFile('log.zip', zip)]);
	await takeImport(page);
	await page.getByRole('link', { name: 'Open the notes' }).click();
	await waitForNotebook(page);
	await searchFor(page, 'harbour wind');
	await expect(
		page.getByText(/^\s*Meaning search covers [\d,]+ of 1,500 notes\.\s*$/)
	).toBeVisible();
	await expect(results(page).first()).toContainText('harbour');
	await page.getByRole('radio', { name: 'Words' }).check();
	await expect(page.getByText(/Meaning search covers/)).toHaveCount(0);

	await test.step('a reload in the middle loses no vector, and the reading goes on', async () => {
		const indexed = async (): Promise<number> =>
			(await manage<EmbeddingStatusData>(page, 'embedding_status')).indexed;
		const before = await indexed();
		expect(before).toBeLessThan(1_500);
		await page.reload();
		await waitForNotebook(page);
		expect(await indexed()).toBeGreaterThanOrEqual(before);
		await expect.poll(indexed, { timeout: 60_000 }).toBeGreaterThan(before);
	});
});
