import { waitUntilIndexed } from './support/index-state';
import { manage, quote } from './support/manage';
import { bodyField, expectSaved, titleField, waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

test('what the vectors know is shown beside the note, on the map, and as notes to merge', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	const create = async (title: string, body: string, tag: string): Promise<string> =>
		(
			await manage<{ id: string }>(
				page,
				`create_note --title ${quote(title)} --body ${quote(body)} --tags ${tag}`
			)
		).id;
	const soup = await create('Tomato soup', 'Boil tomatoes with basil and garlic.', 'kitchen');
	await create('Tomato soup', 'Boil tomatoes with basil and garlic. Serve warm.', 'dinner');
	await create('Bread', 'Bake flour, water, salt and yeast in a hot oven.', 'kitchen');
	await create('Tyre', 'Mend the flat tyre of the bicycle with a patch.', 'bike');
	await waitUntilIndexed(page);

	await test.step('the mark of a note is stale while it is written, and fresh after', async () => {
		await page.goto(`${app.url}?note=${soup}`);
		const mark = page.getByRole('link', { name: /Meaning search .* Look at its vectors$/ });
		await expect(mark).toHaveAccessibleName(/^Found by meaning\. .* knows this text\./);
		await bodyField(page).click();
		await page.keyboard.press('End');
		await page.keyboard.type(' Stir well.');
		await expect(mark).toHaveAccessibleName(/^Not read yet\. .* does not know this text yet/);
		await expectSaved(page);
		await expect(mark).toHaveAccessibleName(/knows this text\./);
		await mark.click();
		await expect(page.getByRole('heading', { name: 'Vectors of “Tomato soup”' })).toBeVisible();
		await expect(page.getByText('Stir well.')).toBeVisible();
		await page.getByLabel('How near is a query?').fill('cooking');
		await page.getByRole('button', { name: 'Compare' }).click();
		await expect(page.getByText(/^Query \d\.\d+$/)).toBeVisible();
	});

	await test.step('two notes become one, and two again', async () => {
		await page.goto(`${app.url}maintenance/suggestions/`);
		await page.getByLabel('Nearly the same means').selectOption('0.9');
		await page.getByRole('button', { name: 'Compare', exact: true }).click();
		await expect(page.getByText('4 of 4 notes compared.')).toBeVisible();
		await page.getByRole('button', { name: /^Compare Tomato soup/ }).click();
		await page.getByRole('button', { name: 'Merge into the first' }).click();
		const undo = page.getByRole('button', { name: 'Undo' });
		await expect(undo).toBeVisible();
		const { notes } = await manage<{ notes: readonly { id: string; title: string }[] }>(
			page,
			'list_notes'
		);
		expect(notes).toHaveLength(3);
		const merged = notes.find(({ title }) => title === 'Tomato soup');
		const { body, tags } = await manage<{ body: string; tags: readonly string[] }>(
			page,
			`get_note ${merged?.id}`
		);
		expect(body).toContain('garlic. Stir well.');
		expect(body).toContain('garlic. Serve warm.');
		expect(tags.toSorted()).toEqual(['dinner', 'kitchen']);
		await undo.click();
		await expect(page.getByText('Both notes are as they were.')).toBeVisible();
		expect(await manage(page, 'list_notes')).toMatchObject({ total: 4 });
		expect(await manage(page, `get_note ${soup}`)).toMatchObject({ tags: ['kitchen'] });
	});

	await test.step('the map lights up what a search finds, and opens it by keys', async () => {
		await waitUntilIndexed(page);
		await page.goto(`${app.url}map/`);
		await expect(page.getByText(/^4 notes with vectors/)).toBeVisible();
		await page.getByRole('searchbox').fill('bicycle');
		await page.getByRole('searchbox').press('Enter');
		await expect(page.getByText(/\b[1-4] notes? lit\./)).toBeVisible();
		await page.getByText('The notes in view as a list').click();
		await expect(page.getByRole('link', { name: 'Tyre' })).toBeVisible();
		await expect(page.getByRole('link', { name: 'Bread' })).toHaveCount(0);
		const map = page.getByRole('application', { name: /^Map of the notes/ });
		await map.focus();
		for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
			await page.keyboard.press(key);
		}
		await page.keyboard.press('Enter');
		await expect(titleField(page)).not.toHaveValue('');
	});
});
