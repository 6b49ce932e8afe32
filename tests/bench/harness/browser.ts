import { chromium, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserArguments } from '../../e2e/support/app';

/** Runs `work` in a fresh browser profile; what the page complains about goes to the terminal. */
export const withPage = async <T>(
	work: (page: Page, profile: string) => Promise<T>
): Promise<T> => {
	const profile = mkdtempSync(join(tmpdir(), 'ai-notes-bench-'));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
		args: browserArguments,
		headless: true,
		viewport: { width: 1280, height: 800 }
	});
	try {
		const page = context.pages()[0] ?? (await context.newPage());
		page.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
		page.on('console', (message) => {
			if (message.type() === 'error') console.error(`in the page: ${message.text()}`);
		});
		return await work(page, profile);
	} finally {
		await context.close();
		rmSync(profile, { recursive: true, force: true });
	}
};
