import type { Page } from '@playwright/test';
import { waitForNotebook, writeNote } from './support/notes';
import { waitForServiceWorker } from './support/service-worker';
import { expect, test } from './support/test';

const get = async (page: Page, address: string, accept = '*/*') =>
	page.evaluate(
		async ([url, wanted]) => {
			const response = await fetch(url, { headers: { Accept: wanted } });
			const type = response.headers.get('content-type') ?? '';
			return { status: response.status, type, body: await response.text() };
		},
		[address, accept] as const
	);

test('scripts ask health/ and metrics/, and an open tab answers; without one they say why not', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await waitForServiceWorker(page);
	await writeNote(page, 'Bicycle', 'Patch the tube.');

	const health = await get(page, `${app.url}health/`);
	expect(health.status).toBe(200);
	expect(health.type).toContain('application/json');
	const report = JSON.parse(health.body) as { status: string; checks: { id: string }[] };
	expect(['ok', 'warning']).toContain(report.status);
	expect(report.checks.map(({ id }) => id)).toContain('database-opens');

	const metrics = await get(page, `${app.url}metrics/`, 'text/plain');
	expect(metrics.status).toBe(200);
	expect(metrics.type).toContain('text/plain');
	expect(metrics.body).toMatch(/^ai_notes_notes 1$/m);
	expect(metrics.body).toMatch(/^# TYPE ai_notes_database_bytes gauge$/m);

	// The browser looks for a picture of a page that names none.
	app.allow(/503|favicon\.ico/);
	// A page that is not the app is controlled by the same service worker.
	await page.goto(`${app.url}manifest.webmanifest`);
	const askWithoutTab = async (): Promise<unknown> => {
		const { status, body } = await get(page, `${app.url}health/`);
		return [status, (JSON.parse(body) as { reason?: string }).reason];
	};
	// The page that was left counts as a tab until the browser has let it go.
	await expect.poll(askWithoutTab).toEqual([503, 'No tab of AI Notes is open.']);
	expect(await get(page, `${app.url}metrics/`)).toMatchObject({
		status: 503,
		body: '# not available: No tab of AI Notes is open.\n'
	});
});
