import { expect, test } from './support/test';

test('the browser finds nothing that keeps the app from being installed', async ({ app }) => {
	await app.open();
	const cdp = await app.cdp();
	const findErrors = async (): Promise<unknown> =>
		(await cdp.send('Page.getInstallabilityErrors')).installabilityErrors;
	await expect.poll(findErrors).toEqual([]);
});

test('the manifest names the app, its pictures and its shortcuts, all of which are there', async ({
	app
}) => {
	const page = await app.open();
	const cdp = await app.cdp();
	const { url, errors, data } = await cdp.send('Page.getAppManifest');
	expect(errors).toEqual([]);
	const manifest = JSON.parse(data ?? '{}') as {
		name: string;
		start_url: string;
		icons: { src: string; sizes: string; type: string }[];
		shortcuts: { name: string; url: string }[];
	};
	expect(manifest.name).toBe('AI Notes');
	expect(new URL(manifest.start_url, url).href).toBe(app.url);
	for (const { src, type } of manifest.icons) {
		const answer = await page.request.get(new URL(src, url).href);
		expect(answer.headers()['content-type']).toBe(type);
	}
	expect(manifest.shortcuts.map(({ name }) => name)).toEqual(['New note', 'Search']);
	expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(
		expect.arrayContaining(['192x192', '512x512'])
	);
});
