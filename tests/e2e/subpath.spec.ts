import { openNote, waitForNotebook, writeNote } from './support/notes';
import { waitForServiceWorker, waitUntilOfflineReady } from './support/service-worker';
import { expect, test } from './support/test';

// As GitHub Pages serves a project: under a path, without any header of ours.
test.use({ appOptions: { base: '/some/where', isolation: false } });

test('one build works under any path: write, reload, other pages, and without a network', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Under a path', 'It finds its parts.');
	await page.getByRole('link', { name: 'Maintenance' }).first().click();
	await expect(page).toHaveURL(new RegExp(`^${app.url}maintenance/`));
	await page.reload();
	await expect(page.getByRole('navigation').first()).toBeVisible();
	await app.open();
	await waitUntilOfflineReady(page);
	expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(
		app.url
	);

	await app.stopServer();
	const offline = await app.restartBrowser();
	await offline.goto(app.url);
	await openNote(offline, 'Under a path');
	expect(await offline.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('an unknown address says so, with the way back, on the first visit and later', async ({
	app
}) => {
	app.allow(/status of 404|Not found: /);
	const answer = await app.page.goto(`${app.url}no/such/place`);
	expect(answer?.status()).toBe(404);
	const wayBack = app.page.getByRole('link', { name: 'Go to your notes' });
	await expect(wayBack).toHaveAttribute('href', new URL(app.url).pathname);
	const page = await app.open();
	await waitForServiceWorker(page);
	await page.goto(`${app.url}no/such/place`);
	await expect(wayBack).toBeVisible();
});
