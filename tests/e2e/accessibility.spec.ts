import type { Page } from '@playwright/test';
import type { App } from './support/app';
import { expectAccessible, expectNoSidewaysScroll } from './support/axe';
import { builtRoutes } from './support/routes';
import { expect, test } from './support/test';

const wide = { width: 1280, height: 800 };
const narrow = { width: 360, height: 740 };
const schemes = ['light', 'dark'] as const;

/** The rules in both themes and at both widths, and no sideways scroll down to 320 px. */
const expectGood = async (page: Page, what: string): Promise<void> => {
	for (const size of [wide, narrow]) {
		await page.setViewportSize(size);
		for (const colorScheme of schemes) {
			await page.emulateMedia({ colorScheme });
			await expectAccessible(page, `${what}, ${size.width} px, ${colorScheme}`);
		}
	}
	for (const width of [360, 320]) {
		await page.setViewportSize({ width, height: 640 });
		await expectNoSidewaysScroll(page, `${what}, ${width} px`);
	}
	await page.setViewportSize(wide);
};

const importVault = async (app: App): Promise<Page> => {
	const page = await app.open('import/');
	await page.getByLabel('Choose a folder').setInputFiles('tests/fixtures/notes');
	await expect(page.getByRole('heading', { name: /notes found$/ })).toBeVisible();
	await expectGood(page, 'the preview of an import');
	await page.getByRole('button', { name: /^Import \d/ }).click();
	await expect(page.getByRole('heading', { name: 'Import finished' })).toBeVisible();
	await expectGood(page, 'the report of an import');
	return page;
};

test('every page keeps the rules of WCAG 2.2 AA, wide and narrow, light and dark', async ({
	app
}) => {
	test.setTimeout(420_000);
	const page = await importVault(app);
	for (const route of builtRoutes()) {
		await page.goto(app.url + route);
		await page.waitForFunction(async () => (await window.manage('version')).ok);
		await expect(page.getByRole('main').getByRole('status', { name: /Loading/ })).toHaveCount(0);
		await expectGood(page, `/${route}`);
	}
	app.allow(/404|Not found/);
	await page.goto(`${app.url}no/such/page`);
	await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
	await expectGood(page, 'a page that is not there');
	await page.goto(`${app.url}rescue.html`);
	await expectGood(page, 'the rescue page');
});
