import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { manage } from './support/manage';
import { waitForNotebook, writeNote } from './support/notes';
import { expect, test } from './support/test';

const savedFile = async (page: Page, button: string): Promise<{ name: string; text: string }> => {
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: button }).click()
	]);
	return {
		name: download.suggestedFilename(),
		text: await readFile(await download.path(), 'utf8')
	};
};

test('what was typed and searched is measured, and the figures leave as files', async ({ app }) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Bicycle', 'Patch the tube.');
	await manage(page, 'search "tube" --mode keyword');
	await page.goto(`${app.url}maintenance/metrics/`);
	const save = page.getByRole('region', { name: 'Save', exact: true });
	await expect(save.getByText(/^half within [\d.]+ m?s$/)).toBeVisible();
	await expect(save.getByRole('img', { name: /^Save: 1 points/ })).toBeVisible();
	await save.getByText('The figures').click();
	await expect(save.getByRole('table', { name: 'Save' })).toContainText(/[\d.]+ m?s/);
	const age = page.getByRole('region', { name: 'Age of the newest verified backup' });
	await expect(age.getByText('not available: no verified backup yet')).toBeVisible();

	const json = await savedFile(page, 'Save as JSON');
	const figures = JSON.parse(json.text) as { notes: number; trend: unknown[] };
	expect(json.name).toMatch(/^ai-notes-metrics-\d{8}T\d{6}Z\.json$/);
	expect(figures).toMatchObject({ notes: 1, backups: { newestAgeMs: null } });
	expect(figures.trend.length).toBeGreaterThan(0);
	const prometheus = await savedFile(page, 'Save for Prometheus');
	expect(prometheus.text).toContain('\nai_notes_notes 1\n');
	expect(json.text + prometheus.text).not.toMatch(/Bicycle|tube/);
});

test('the week is written into a note, and the database and the storage tell what they hold', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Bicycle', 'Patch the tube. '.repeat(50));
	await page.goto(`${app.url}maintenance/`);
	await page.getByRole('button', { name: 'Run all checks' }).click();
	await expect(page.getByText('Text of every note')).toBeVisible();
	await page.getByRole('button', { name: 'Write a report now' }).click();
	const link = page.getByRole('link', { name: /^Health report, / }).first();
	await expect(link).toBeVisible();
	const { notes } = await manage<{ notes: { title: string; body: string }[] }>(
		page,
		'list_notes --tag health-report'
	);
	expect(notes).toHaveLength(1);
	expect(notes[0]?.body).toContain('## What is due');
	expect(notes[0]?.body).toContain('| Notes | ');
	const mail = page.getByRole('link', { name: 'Send by mail' });
	await expect(mail).toHaveAttribute('href', /^mailto:\?subject=Health%20report/);
	expect((await savedFile(page, 'Save as Markdown')).name).toMatch(/^ai-notes-health-report-/);

	await page.goto(`${app.url}maintenance/database/`);
	const largest = page.getByRole('table', { name: 'Largest notes' });
	await expect(largest.getByRole('link', { name: 'Bicycle' })).toBeVisible();
	await expect(page.getByText('None of them would be helped by another index.')).toBeVisible();
	await page
		.getByRole('textbox', { name: 'Statement' })
		.fill('SELECT title FROM notes ORDER BY title');
	await page.getByRole('button', { name: 'Run', exact: true }).click();
	const csv = await savedFile(page, 'Save as CSV');
	expect(csv.text).toMatch(/^title\r\nBicycle\r\n"?Health report, /);

	await page.goto(`${app.url}maintenance/storage/`);
	await expect(page.getByText(/^No copy outside this browser is known\./)).toBeVisible();
	await expect(page.getByText('2 notes, with tags, trash and vectors')).toBeVisible();
	await page.getByRole('button', { name: 'Compact the file' }).click();
	await expect(page.getByText(/^The file of the notebook: .* before, .* after\.$/)).toBeVisible();
});
