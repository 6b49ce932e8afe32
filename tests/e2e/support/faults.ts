import { expect, type Page, type Worker } from '@playwright/test';
import type { App } from './app';

/** Leaves the site no room: whatever makes a file grow fails from now on. */
export const fillDisk = async (app: App): Promise<void> => setQuota(app, 1);

/** Takes the limit away again. */
export const freeDisk = async (app: App): Promise<void> => setQuota(app, null);

const setQuota = async (app: App, quotaSize: number | null): Promise<void> => {
	const cdp = await app.cdp();
	const { origin } = new URL(app.url);
	await cdp.send('Storage.overrideQuotaForOrigin', {
		origin,
		...(quotaSize === null ? {} : { quotaSize })
	});
	// The limit lasts as long as the session, so that one is not detached.
	if (quotaSize === null) await cdp.detach();
};

/** Ends a thread of the app from inside, without a word to anybody. */
export const killWorker = async (page: Page, name: 'db' | 'embed'): Promise<void> => {
	const worker = await findWorker(page, name);
	const gone = new Promise((resolve) => worker.once('close', resolve));
	await worker.evaluate(() => setTimeout(() => (self as unknown as { close(): void }).close()));
	await gone;
};

/** The newest thread of this name. One that died just now takes a moment to be replaced. */
export const findWorker = async (page: Page, name: 'db' | 'embed'): Promise<Worker> => {
	const newest = (): Worker | undefined =>
		page.workers().findLast((worker) => worker.url().includes(`${name}.worker`));
	await expect.poll(newest, `a ${name} worker`).toBeDefined();
	return newest() as Worker;
};

/** Lets the tab die as when its memory runs out, and opens another one. */
export const crashTab = async (app: App): Promise<Page> => {
	const page = app.page;
	const cdp = await app.cdp(page);
	const crashed = new Promise((resolve) => page.once('crash', resolve));
	cdp.send('Page.crash').catch(() => undefined); // nobody is left to answer
	await crashed;
	const next = await app.context.newPage();
	await page.close();
	return next;
};
