import {
	bodyField,
	expectSaved,
	openNote,
	results,
	searchFor,
	startNote,
	titleField,
	waitForNotebook,
	writeNote
} from './support/notes';
import { manage, quote } from './support/manage';
import { expect, test } from './support/test';

test('a note is written, tagged, pinned, found, deleted and brought back, and a reload has it all', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	const list = page.getByRole('region', { name: 'Notes', exact: true });
	await expect(list.getByText('No notes yet')).toBeVisible();

	await writeNote(page, 'Sourdough', 'Feed the starter in the evening.');
	const tags = page.getByRole('group', { name: 'Tags' });
	await tags.getByLabel('Add a tag').fill('#baking, bread');
	await page.keyboard.press('Enter');
	await expect(tags.getByRole('button', { name: 'Remove tag bread' })).toBeVisible();
	await expectSaved(page);
	await writeNote(page, 'Later', 'Written after it.');
	await expect(list.getByRole('link')).toContainText(['Later', 'Sourdough']);
	await openNote(page, 'Sourdough');
	await page.getByRole('button', { name: 'Pin', exact: true }).click();
	await expect(page.getByRole('button', { name: 'Unpin' })).toBeVisible();
	await expect(list.getByRole('link')).toContainText(['Sourdough', 'Later']);
	await expect(list.getByRole('link').first()).toContainText('#baking');

	await test.step('after a reload it is all there, and the same note is open', async () => {
		await page.reload();
		await expect(titleField(page)).toHaveValue('Sourdough');
		await expect(bodyField(page)).toHaveText('Feed the starter in the evening.');
		await expect(list.getByRole('link')).toContainText(['Sourdough', 'Later']);
		await bodyField(page).click();
		await page.keyboard.press('ControlOrMeta+End');
		await page.keyboard.type(' Bake at noon.');
		await expectSaved(page);
		await searchFor(page, 'noon');
		// By meaning the other note is found too, as soon as the model has read it.
		await page.getByRole('radio', { name: 'Words' }).check();
		await expect(results(page)).toContainText(['Feed the starter in the evening. Bake at noon.']);
		await page.keyboard.press('Escape');
	});

	await test.step('deleting can be undone, from the message and from the trash', async () => {
		await page.getByRole('button', { name: 'Move to the trash' }).click();
		await expect(list.getByRole('link')).toContainText(['Later']);
		await page.getByRole('button', { name: 'Undo' }).click();
		await expect(list.getByRole('link')).toContainText(['Sourdough', 'Later']);
		await openNote(page, 'Sourdough');
		await page.getByRole('button', { name: 'Move to the trash' }).click();
		await expect(list.getByText('1 note', { exact: true })).toBeVisible();
		await searchFor(page, 'noon');
		await expect(list.getByText('Nothing found')).toBeVisible();
		await page.keyboard.press('Escape');
		await list.getByLabel('Show').selectOption('Trash');
		await openNote(page, 'Sourdough');
		await expect(page.getByText('In the trash')).toBeVisible();
		await page.getByRole('button', { name: 'Restore' }).click();
		await expect(list.getByText('The trash is empty')).toBeVisible();
		await list.getByLabel('Show').selectOption('All notes');
		await expect(list.getByRole('link')).toContainText(['Sourdough', 'Later']);
		const { notes } = await manage<{ notes: unknown[] }>(page, 'list_notes');
		expect(notes).toMatchObject([
			{ title: 'Sourdough', tags: ['baking', 'bread'], pinned: true },
			{ title: 'Later', tags: [], pinned: false }
		]);
	});
});

const hostile = `# Harmless

<script>window.hit = 'script'</script>
<img src="x" onerror="window.hit = 'onerror'">
<img src="https://foreign.example/pixel.png" alt="Tracking pixel">
![far](https://foreign.example/md.png)
<svg onload="window.hit = 'svg'"><script>window.hit = 'svg script'</script></svg>
[press me](javascript:window.hit='link')
<a href="javascript:window.hit='anchor'">or me</a>
<iframe src="https://foreign.example/" srcdoc="<script>parent.hit='frame'</script>"></iframe>
<style>body { display: none } @import url(https://foreign.example/x.css);</style>
<link rel="stylesheet" href="https://foreign.example/y.css">
<form action="https://foreign.example/"><button>send</button></form>
<video src="https://foreign.example/v.mp4" autoplay></video>

The **end** of it, with a [[Sourdough]] link.
`;

test('a note from a stranger can be previewed: nothing in it runs, restyles or calls home', async ({
	app
}) => {
	// The sanitiser reads the text in a document without scripts; Chromium tells of handlers there too.
	app.allow(
		/^error: Executing inline event handler violates the following Content Security Policy/
	);
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Sourdough', 'Feed it.');
	await manage(page, `create_note --title Stranger --body ${quote(hostile)}`);
	await openNote(page, 'Stranger');
	await page.getByRole('button', { name: 'Preview' }).click();
	const sheet = page.getByRole('region', { name: 'Note', exact: true });
	await expect(sheet.getByRole('heading', { name: 'Harmless' })).toBeVisible();
	await expect(sheet.getByText('end', { exact: true })).toHaveCSS('font-weight', /[67]\d\d/);
	await expect(sheet.getByText('Image not loaded: Tracking pixel')).toBeVisible();
	await expect(
		sheet.locator('script, iframe, style, link, form, video, svg:not(.icon), [onerror], [onload]')
	).toHaveCount(0);
	await sheet.getByText('press me').click();
	await sheet.getByText('or me').click();
	expect(await page.evaluate(() => 'hit' in window)).toBe(false);
	await expect(page.getByRole('region', { name: 'Notes', exact: true })).toBeVisible();
	await sheet.getByRole('link', { name: 'Sourdough' }).click();
	await expect(titleField(page)).toHaveValue('Sourdough');
	expect(app.context.pages()).toHaveLength(1);
});

test('a tab that is killed while somebody types loses nothing', async ({ app }) => {
	let page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Diary', 'First line.');
	for (const word of ['one', 'two', 'three']) {
		await page.keyboard.insertText(` ${word}`);
		const crashed = page.waitForEvent('crash');
		const session = await app.cdp(page);
		void session.send('Page.crash').catch(() => undefined); // the page dies before it answers
		await crashed;
		const address = page.url();
		page = await app.newPage(address.slice(app.url.length));
		await expect(titleField(page)).toHaveValue('Diary');
		await expect(bodyField(page)).toContainText(word);
		await bodyField(page).click();
		await page.keyboard.press('ControlOrMeta+End');
	}
	await expect(bodyField(page)).toHaveText('First line. one two three');

	await test.step('another note is open after the return: the text is put back, and it is said', async () => {
		await startNote(page, 'Letter', 'Dear');
		await page.keyboard.insertText(' Anna');
		const crashed = page.waitForEvent('crash');
		const session = await app.cdp(page);
		void session.send('Page.crash').catch(() => undefined);
		await crashed;
		page = await app.newPage();
		await waitForNotebook(page);
		await openNote(page, 'Letter');
		await expect(bodyField(page)).toHaveText('Dear Anna');
	});
	const onDisk = async (): Promise<string[][]> => {
		const list = await manage<{ notes: { title: string; body: string }[] }>(page, 'list_notes');
		return list.notes.map(({ title, body }) => [title, body]).toSorted();
	};
	await expect.poll(onDisk).toEqual([
		['Diary', 'First line. one two three'],
		['Letter', 'Dear Anna']
	]);
});
