import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface AxeWindow {
	readonly axe?: { run(context: Document, options: object): Promise<AxeResults> };
}

/** Nothing on the page breaks a rule of WCAG 2.2 AA that a machine can check. */
export const expectAccessible = async (page: Page, what: string): Promise<void> => {
	// The policy of the page forbids a script element: this goes in by the debugger.
	if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
	await settled(page);
	const found = await page.evaluate(async (values) => {
		const results = await (window as AxeWindow).axe?.run(document, {
			runOnly: { type: 'tag', values },
			resultTypes: ['violations']
		});
		return results?.violations.map(
			({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`
		);
	}, rules);
	expect(found, what).toEqual([]);
};

/** Half-faded text has no contrast yet. */
const settled = async (page: Page): Promise<void> => {
	await page.evaluate(async () => {
		await Promise.allSettled(document.getAnimations().map(async ({ finished }) => finished));
	});
};

/** Nothing is wider than the window, so nobody has to scroll sideways to read. */
export const expectNoSidewaysScroll = async (page: Page, what: string): Promise<void> => {
	const wide = await page.evaluate(() => {
		const limit = document.documentElement.clientWidth;
		const scrolls = (box: Element): boolean =>
			box.scrollWidth > box.clientWidth + 1 &&
			['auto', 'scroll'].includes(getComputedStyle(box).overflowX) &&
			!box.matches('pre, table, .log');
		const boxes = [...document.querySelectorAll('body *')].filter(scrolls);
		return [
			...(document.documentElement.scrollWidth > limit ? ['the page'] : []),
			...boxes.map(({ tagName, className }) => `${tagName}.${className}`)
		];
	});
	expect(wide, what).toEqual([]);
};
