import type { Locator, Page } from '@playwright/test';
import type { App } from './support/app';
import { expectAccessible, expectNoSidewaysScroll } from './support/axe';
import { typeCommand } from './support/manage';
import {
	bodyField,
	expectSaved,
	results,
	searchFor,
	titleField,
	waitForNotebook,
	writeNote
} from './support/notes';
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
		expect((await typeCommand(page, 'version')).ok, route).toBe(true);
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

test('dialogs and states keep the rules too', async ({ app }) => {
	test.setTimeout(300_000);
	const page = await app.open();
	await waitForNotebook(page);
	await expectGood(page, 'a notebook without notes');
	await writeNote(
		page,
		'Bicycle repair',
		'# Patch\n\n- [x] tube\n\n| a | b |\n| - | - |\n| 1 | 2 |'
	);
	await expectGood(page, 'an open note');
	await page.getByRole('button', { name: 'Preview' }).click();
	await page.getByRole('button', { name: 'Related notes' }).click();
	await expectGood(page, 'a preview with related notes');
	await page.getByRole('button', { name: 'Close related notes' }).click();
	await page.goto(app.url);
	await waitForNotebook(page);
	await searchFor(page, 'bicycle');
	await expect(results(page).first()).toBeVisible();
	await expectGood(page, 'results of a search');
	await searchFor(page, 'qqqxyzzy');
	await page.getByRole('radio', { name: 'Words' }).check();
	await expect(page.getByText('Nothing found')).toBeVisible();
	await expectGood(page, 'a search without results');

	await page.keyboard.press('Control+k');
	await expect(page.getByRole('option', { name: 'Bicycle repair' })).toBeVisible();
	await expectGood(page, 'the palette');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await expectGood(page, 'the list of keys');

	await page.goto(`${app.url}maintenance/backups/`);
	await page.getByRole('button', { name: 'Back up now' }).click();
	await expect(page.getByText(/sqlite3: read back and compared/)).toBeVisible();
	await page.getByRole('button', { name: /^Restore backup/ }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await expectGood(page, 'the question before a restore');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: /^Actions for/ }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await expectGood(page, 'the question before a deletion');
	await page.keyboard.press('Escape');

	await page.goto(`${app.url}maintenance/backups/simulator/`);
	await page.getByRole('button', { name: 'Damage a copy' }).click();
	await expect(page.getByText('The copy is gone.')).toBeVisible();
	await expectGood(page, 'damage played on a copy');

	await page.goto(`${app.url}maintenance/logs/`);
	await page.getByRole('button', { name: 'Prepare a support bundle' }).click();
	await page.getByText('Look at health.json').click();
	await expectGood(page, 'a support bundle to look at');

	const other = await app.newPage();
	await expect(other.getByRole('button', { name: 'Use here' })).toBeVisible();
	await expectGood(other, 'a second tab');
});

/** Goes with Tab, or back with Shift+Tab, until the element has the focus; each stop can be seen. */
const tabTo = async (page: Page, target: Locator, key: 'Tab' | 'Shift+Tab'): Promise<void> => {
	for (let stops = 0; stops < 60; stops += 1) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press(key);
		expect(await showsFocus(page)).toBe(true);
	}
	throw new Error(`${key} never came to ${String(target)}`);
};

/** A ring on the element or on the frame of a field; in a text the cursor is enough. */
const showsFocus = async (page: Page): Promise<boolean> =>
	page.evaluate(() => {
		const focused = document.activeElement;
		if (!focused || focused === document.body) return true; // between the page and the browser
		if (focused.matches('textarea, [contenteditable="true"]')) return true;
		const frames = [focused, focused.parentElement, focused.parentElement?.parentElement];
		return frames.some((frame) => frame && getComputedStyle(frame).outlineStyle !== 'none');
	});

test('everything from the first note to a backup is done with the keyboard alone', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await page.keyboard.press('n');
	await expect(titleField(page)).toBeFocused();
	await page.keyboard.type('Bicycle repair');
	await page.keyboard.press('Enter');
	await expect(bodyField(page)).toBeFocused();
	await page.keyboard.type('Patch the inner tube.');
	await tabTo(page, page.getByRole('combobox', { name: 'Add a tag' }), 'Shift+Tab');
	await page.keyboard.type('workshop');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('button', { name: 'Remove tag workshop' })).toBeVisible();
	await expectSaved(page);

	await page.keyboard.press('Control+k');
	await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
	await page.keyboard.type('new note');
	await page.keyboard.press('Enter');
	await expect(titleField(page)).toBeFocused();
	await expect(titleField(page)).toHaveValue('');
	await page.keyboard.type('Sourdough');
	await expectSaved(page);

	await tabTo(page, page.getByRole('combobox', { name: 'Search notes' }), 'Shift+Tab');
	await page.keyboard.type('inner tube');
	await expect(results(page).first()).toContainText('Bicycle repair');
	await page.keyboard.press('Enter');
	await expect(titleField(page)).toHaveValue('Bicycle repair');

	const rail = page.getByRole('navigation', { name: 'Areas' });
	await tabTo(page, rail.getByRole('link', { name: /^Maintenance/ }), 'Shift+Tab');
	await page.keyboard.press('Enter');
	const pages = page.getByRole('navigation', { name: 'Pages' });
	await tabTo(page, pages.getByRole('link', { name: 'Backups' }), 'Tab');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'Backups', exact: true })).toBeVisible();
	await tabTo(page, page.getByRole('button', { name: 'Back up now' }), 'Tab');
	await page.keyboard.press('Enter');
	await expect(page.getByText(/sqlite3: read back and compared. 2 notes/)).toBeVisible();
});

test('focus returns where it was, motion stops and single keys are off when that is wished', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Bicycle repair', 'Patch the inner tube.');
	const keys = page.getByRole('button', { name: 'Keyboard shortcuts' });
	await keys.focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog')).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(keys).toBeFocused();

	const search = page.getByRole('combobox', { name: 'Search notes' });
	await search.focus();
	await page.keyboard.press('Control+k');
	await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(search).toBeFocused();

	const related = page.getByRole('button', { name: 'Related notes' });
	await related.focus();
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'Close related notes' }).focus();
	await page.keyboard.press('Enter');
	await expect(related).toBeFocused();

	await page.emulateMedia({ reducedMotion: 'reduce' });
	await related.click();
	await page.keyboard.press('Control+k');
	await expect(page.getByRole('dialog')).toBeVisible();
	expect(await longestMotionMs(page)).toBeLessThan(1);
	await page.keyboard.press('Escape');

	await page.goto(`${app.url}settings/`);
	const single = page.getByRole('checkbox', { name: 'Single-key shortcuts' });
	await expect(single).toBeChecked();
	await single.focus();
	await page.keyboard.press('Space');
	await expect(single).not.toBeChecked();
	await page.goto(app.url);
	await waitForNotebook(page);
	await page.keyboard.press('?');
	await page.keyboard.press('n');
	await page.keyboard.press('/');
	await page.keyboard.press('Control+k');
	await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await expect(search).not.toBeFocused();
	await expect(page.getByText('1 note', { exact: true })).toBeVisible();
});

/** Of everything that moves on the page, or would. */
const longestMotionMs = async (page: Page): Promise<number> =>
	page.evaluate(() => {
		const inMs = (time: string): number => parseFloat(time) * (time.endsWith('ms') ? 1 : 1000);
		const durations = [...document.querySelectorAll('*')].flatMap((element) => {
			const { animationDuration, animationName, transitionDuration } = getComputedStyle(element);
			const animation = animationName === 'none' ? '0s' : animationDuration;
			return [...animation.split(', '), ...transitionDuration.split(', ')].map(inMs);
		});
		return Math.max(...durations);
	});
