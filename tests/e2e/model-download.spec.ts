import type { Locator, Page } from '@playwright/test';
import { makeHubModel } from '../support/hub-model';
import { startHub, type LocalHub } from '../support/local-hub';
import { startApp, type App } from './support/app';
import { expectAccessible, expectNoSidewaysScroll } from './support/axe';
import { waitUntilIndexed } from './support/index-state';
import { manage } from './support/manage';
import { results, searchFor, waitForNotebook } from './support/notes';
import { waitUntilOfflineReady } from './support/service-worker';
import { expect, test as base } from './support/test';

const weights = 'onnx/model_quantized.onnx';
const words = `a the is on for of and to cat sleeping sofa kitten naps couch living room invoice new
	windows has be paid by end next month bread bicycle tube tyre patch pump garden tomato water bike
	wheel repair soup onion salt puncture`;

// The hub is another address, so the fixture that forbids all of them would be in the way.
const test = base.extend<{ hub: LocalHub; ownApp: App }>({
	hub: async ({ appOptions: _ }, use) => {
		const hub = await startHub('Xenova/gte-small', makeHubModel(words, 384));
		await use(hub);
		await hub.close();
	},
	ownApp: async ({ appOptions }, use) => {
		const app = await startApp(appOptions);
		await use(app);
		await app.close();
	}
});

const card = (page: Page): Locator => page.getByRole('region', { name: 'GTE small' });

test('a model is fetched from a mirror, broken off, gone on with, used with the network gone, cleared and brought back', async ({
	ownApp: app,
	hub
}) => {
	test.setTimeout(120_000);
	const page = await app.open();
	await waitForNotebook(page);
	await manage(page, 'create_note --title Bicycle --body "Patch the tube and pump the tyre."');
	await manage(page, 'create_note --title Soup --body "Onion and salt."');
	await waitUntilIndexed(page);
	hub.fail(weights, { kind: 'slow', atByte: 30_000 });

	await test.step('nothing is asked of a mirror that was only named', async () => {
		await app.open('maintenance/models/');
		await page.getByLabel('Address of a mirror').fill(hub.url);
		await page.getByRole('button', { name: 'Use this mirror' }).click();
		await expect(page.getByText(`Models come from ${hub.url}`)).toBeVisible();
		await expect(card(page)).toBeVisible();
		expect([hub.requests, app.foreignRequests]).toEqual([[], []]);
	});

	await test.step('the device is measured, and the result is there after a reload', async () => {
		await page.getByRole('button', { name: 'Measure both ways' }).click();
		const device = page.getByRole('region', { name: 'This device' });
		await expect(device.getByText('best: processor (WASM)')).toBeVisible();
		await page.reload();
		await expect(device.getByText(/\d+ passages a second/)).toBeVisible();
		await expect(card(page)).toBeVisible();
	});

	await test.step('a reload in the middle keeps what came, and the rest follows', async () => {
		await card(page).getByRole('button', { name: 'Download' }).click();
		await expect(page.getByRole('progressbar', { name: `Downloading ${weights}` })).toBeVisible();
		await expect(page.getByText(/3\d kB of \d+ kB/)).toBeVisible();
		await expectAccessible(page, 'a download at work');
		await page.reload();
		await expect(card(page).getByText('of a download that is not finished')).toBeVisible();
		hub.fail(weights, null);
		await card(page).getByRole('button', { name: 'Go on with the download' }).click();
		await expect(card(page).getByText('every file checked')).toBeVisible();
		expect(hub.requests.at(-1)).toMatchObject({ range: 'bytes=30000-' });
		await card(page).getByText('Files', { exact: true }).first().click();
		await expectAccessible(page, 'a model with its files');
		const size = page.viewportSize() ?? { width: 1280, height: 800 };
		await page.setViewportSize({ ...size, width: 360 });
		await expectNoSidewaysScroll(page, 'a model with its files');
		await page.setViewportSize(size);
	});

	await test.step('it takes the place of the model before, and answers with everything else gone', async () => {
		await manage(page, 'use_model gte-small --yes');
		await waitUntilOfflineReady(page);
		await hub.close();
		await app.stopServer();
		const restarted = await app.restartBrowser();
		await restarted.goto(app.url);
		await waitForNotebook(restarted);
		await searchFor(restarted, 'bike wheel repair');
		await expect(results(restarted).first()).toContainText('Bicycle', { timeout: 30_000 });
		expect(await manage(restarted, 'models')).toMatchObject({ active: 'gte-small' });
	});

	await test.step('cleared, search goes on by words and says so; its files bring it back', async () => {
		await app.startServer();
		const now = await app.open();
		await waitForNotebook(now);
		await manage(now, 'clear_model_cache gte-small');
		await searchFor(now, 'tyre');
		await expect(results(now).first()).toContainText('Bicycle');
		await expect(now.getByText('the model for meaning search is not running')).toBeVisible();
		const again = await startHub('Xenova/gte-small', makeHubModel(words, 384));
		await manage(now, `download_model gte-small --from ${again.url}`);
		await searchFor(now, 'bike wheel');
		await expect(results(now).first()).toContainText('Bicycle', { timeout: 30_000 });
		await again.close();
		const hosts = new Set(app.foreignRequests.map((url) => `${new URL(url).origin}/`));
		expect([...hosts].sort()).toEqual([hub.url, again.url].sort());
		expect(app.complaints).toEqual([]);
	});
});
