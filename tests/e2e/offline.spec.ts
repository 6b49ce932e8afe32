import {
	expectSaved,
	openNote,
	results,
	searchFor,
	titleField,
	waitForNotebook,
	writeNote
} from './support/notes';
import { builtRoutes } from './support/routes';
import { waitUntilOfflineReady } from './support/service-worker';
import { expect, test } from './support/test';

test('after one visit everything works without a network: start, read, write, find by meaning', async ({
	app
}) => {
	const first = await app.open();
	await waitForNotebook(first);
	await writeNote(first, 'Bicycle repair', 'Patch the inner tube and true the wheel.');
	await writeNote(first, 'Sourdough', 'Feed the starter every morning with rye flour.');
	await waitUntilOfflineReady(first);

	await app.stopServer();
	const page = await app.restartBrowser();
	await page.context().setOffline(true);
	await page.goto(app.url);

	await waitForNotebook(page);
	await openNote(page, 'Sourdough');
	await writeNote(page, 'Written offline', 'The train has no reception.');
	await page.goto(app.url);
	await openNote(page, 'Written offline');
	await expectSavedAfterEdit();

	await searchFor(page, 'how do I fix my bike');
	await expect(results(page).first()).toContainText('Bicycle repair', { timeout: 60_000 });

	async function expectSavedAfterEdit(): Promise<void> {
		await titleField(page).fill('Written on the train');
		await expectSaved(page);
	}
});

test('every page of the app opens without a network', async ({ app }) => {
	const first = await app.open();
	await waitForNotebook(first);
	await waitUntilOfflineReady(first);
	await app.stopServer();
	const page = await app.restartBrowser();
	const routes = builtRoutes();
	expect(routes.length).toBeGreaterThan(1);
	for (const route of routes) {
		const answer = await page.goto(app.url + route);
		expect(answer?.status(), route).toBe(200);
		await expect(page.getByRole('navigation').first(), route).toBeVisible();
		await expect(page.getByText('could not be shown'), route).toHaveCount(0);
	}
	// Addresses as people type them, and as shortcuts of the installed app open them.
	await page.goto(`${app.url}maintenance`);
	await expect(page).toHaveURL(`${app.url}maintenance/`);
	await page.goto(`${app.url}?search=1`);
	await waitForNotebook(page);
});
