import { gzipSync } from 'node:zlib';
import { makeZip } from '../support/make-zip';
import { chooseFiles, takeImport } from './support/imports';
import { titleField, waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

test('the page needs less than 200 kB of code to show its first notes', async ({ app }) => {
	await app.page.addInitScript(() => {
		const watching = new MutationObserver(() => {
			if (!document.body?.textContent?.includes('No notes yet')) return;
			watching.disconnect();
			const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
			const scripts = loaded.filter((name) =>
				/(?<!\/workers\/[^/]*)\.js$/.test(new URL(name).pathname)
			);
			Object.assign(globalThis, { scriptsOfFirstPaint: scripts });
		});
		watching.observe(document, { childList: true, subtree: true });
	});
	const page = await app.open();
	await expect(page.getByText('No notes yet')).toBeVisible();
	const scripts = await page.evaluate(
		() => (globalThis as unknown as { scriptsOfFirstPaint: string[] }).scriptsOfFirstPaint
	);
	const sizes = scripts.map(async (url) => {
		const response = await page.request.get(url);
		return gzipSync(await response.body()).length;
	});
	const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
	const kilobytes = bytes / 1_000;
	expect(kilobytes).toBeGreaterThan(30); // they were seen
	expect(kilobytes).toBeLessThan(200);
});

test('with 10,000 notes the page stays small, also after all of them were scrolled through', async ({
	app
}) => {
	const names = Array.from(
		{ length: 10_000 },
		(_, index) => `note-${String(index).padStart(5, '0')}`
	);
	const content = Object.fromEntries(
		names.map((name) => [`${name}.md`, `# ${name}\n\nOne of very many notes, named ${name}.\n`])
	);
	const zip = Buffer.from(await (await makeZip(content)).arrayBuffer());
	const page = await app.open();
	await chooseFiles(page, app.url, [
		{ name: 'many.zip', mimeType: 'application/zip', buffer: zip }
	]);
	await takeImport(page);
	await page.getByRole('link', { name: 'Open the notes' }).click();
	await waitForNotebook(page);
	await expect(page.getByText('10,000 notes', { exact: true })).toBeVisible();
	const list = page.locator('[data-note-list]');
	const height = await list.evaluate((element) => element.scrollHeight);
	for (let top = 0; top <= height; top += height / 20) {
		await list.evaluate((element, y) => element.scrollTo(0, y), top);
		await expect.poll(() => list.evaluate(showsRow)).toBe(true);
	}
	await list
		.getByText(/^note-/)
		.last()
		.click();
	await expect(titleField(page)).toHaveValue(/^note-/);
	expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(1_500);
	const cdp = await app.cdp();
	await cdp.send('HeapProfiler.collectGarbage');
	const { usedSize } = await cdp.send('Runtime.getHeapUsage');
	expect(usedSize / 1e6).toBeLessThan(150);
});

const showsRow = (list: Element): boolean => {
	const { top, bottom } = list.getBoundingClientRect();
	return [...list.querySelectorAll('a')].some((row) => {
		const box = row.getBoundingClientRect();
		return box.height > 0 && box.top >= top && box.bottom <= bottom;
	});
};
