import { defineConfig } from '@playwright/test';

const report = process.env.AI_NOTES_E2E_REPORT;

export default defineConfig({
	testDir: '.',
	outputDir: '../../test-results',
	testMatch: '*.spec.ts',
	timeout: 240_000,
	expect: { timeout: 30_000 },
	workers: 2, // each test has a server and a browser of its own
	retries: 0,
	forbidOnly: true,
	reporter: report ? [['list'], ['json', { outputFile: report }]] : 'list'
});
