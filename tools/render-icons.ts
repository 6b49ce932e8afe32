import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureBrowser } from './ensure-browser';

const folder = 'static/icons';
const pictures = [
	{ source: 'icon.svg', target: 'icon-192.png', size: 192 },
	{ source: 'icon.svg', target: 'icon-512.png', size: 512 },
	{ source: 'icon-maskable.svg', target: 'icon-maskable-512.png', size: 512 }
] as const;

/** Draws the PNG icons from the SVG ones. Run by hand when an icon changes; the PNGs are committed. */
export const main = async (): Promise<void> => {
	const browser = await chromium.launch({
		executablePath: ensureBrowser(),
		args: ['--no-sandbox', '--disable-gpu']
	});
	const page = await browser.newPage();
	for (const { source, target, size } of pictures) {
		const svg = readFileSync(join(folder, source), 'utf8');
		await page.setViewportSize({ width: size, height: size });
		await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
		await page.screenshot({ path: join(folder, target), omitBackground: true });
	}
	await browser.close();
};
