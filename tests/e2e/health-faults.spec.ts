import type { Page } from '@playwright/test';
import { fillDisk, freeDisk } from './support/faults';
import { manage, type HealthData } from './support/manage';
import { waitForNotebook, writeNote } from './support/notes';
import { waitUntilIndexed } from './support/index-state';
import { waitUntilOfflineReady } from './support/service-worker';
import { expect, test } from './support/test';

const dayMs = 86_400_000;

/** Ids of the checks that are not fine, at the latest when what is under way has come to its end. */
const expectFound = async (page: Page, ids: readonly string[]): Promise<void> => {
	const found = async (): Promise<readonly string[]> => {
		const { checks } = await manage<HealthData>(page, 'health_check');
		return checks.map(({ id }) => id).sort();
	};
	await expect.poll(found).toEqual(ids);
};

const forgetModelFile = async (page: Page): Promise<void> =>
	page.evaluate(async () => {
		const cache = await caches.open('ai-notes-models');
		for (const file of await cache.keys()) {
			if (/\/use-lite\/onnx\//.test(file.url)) await cache.delete(file);
		}
	});

test('health finds what goes wrong in the browser around a sound notebook', async ({ app }) => {
	await app.page.clock.install();
	const page = await app.open();
	await waitForNotebook(page);
	await waitUntilOfflineReady(page);
	await writeNote(page, 'Lighthouse', 'The lighthouse keeper writes a letter every evening.');
	await manage(page, 'backup_database');
	await manage(page, 'test_restore');
	await waitUntilIndexed(page);
	await expectFound(page, []);

	await test.step('no room for a restore', async () => {
		// The browser still reports 10 GB.
		await fillDisk(app);
		await expectFound(page, ['free-space']);
		await freeDisk(app);
		await expectFound(page, []);
	});

	await test.step('a clock that is behind', async () => {
		await page.clock.setSystemTime(Date.now() - 3_600_000);
		await expectFound(page, ['clock']);
		await page.clock.setSystemTime(Date.now());
	});

	await test.step('a file of the model that is gone', async () => {
		await forgetModelFile(page);
		await expectFound(page, ['model']);
	});

	await test.step('a model that does not start, for there is no network either', async () => {
		await app.stopServer();
		await page.reload();
		await waitForNotebook(page);
		await expectFound(page, ['model']);
		await app.startServer();
	});

	await test.step('three weeks later, in a browser that promised nothing', async () => {
		// Somebody is at work: nothing that was missed is caught up meanwhile.
		await page.mouse.move(20, 20);
		await page.clock.setSystemTime(Date.now() + 20 * dayMs);
		const late = ['backup-age', 'drill-age', 'model', 'outside-copy'];
		await expectFound(page, [...late, 'storage-persisted']);
		const cdp = await app.cdp();
		await cdp.send('Browser.grantPermissions', { permissions: ['durableStorage'] });
		await manage(page, 'storage --persist');
		await expectFound(page, late);
	});
});
