import { results, searchFor, waitForNotebook, writeNote } from './support/notes';
import { manage } from './support/manage';
import { expect, test } from './support/test';

interface Models {
	readonly device: 'webgpu' | 'wasm' | null;
}

/** A graphics card made of software, as RELIABILITY.md 4 describes: the WebGPU path without a card. */
const softwareCard = [
	'--enable-unsafe-webgpu',
	'--use-webgpu-adapter=swiftshader',
	'--enable-features=Vulkan,WebGPUService',
	'--enable-unsafe-swiftshader'
];

test.describe('with an adapter', () => {
	test.use({ appOptions: { browserArguments: softwareCard } });

	test('the model runs on WebGPU, passes its self-test and finds notes by meaning', async ({
		app
	}) => {
		// The app refuses a software adapter unless it is told otherwise: it is slower than WASM.
		await app.page.addInitScript(() => localStorage.setItem('ai-notes:software-adapter', 'yes'));
		const page = await app.open();
		await waitForNotebook(page);
		await writeNote(page, 'Bicycle repair', 'Patch the inner tube and true the wheel.');
		await writeNote(page, 'Sourdough', 'Feed the starter every morning with rye flour.');
		await expect
			.poll(async () => (await manage<Models>(page, 'models')).device, { timeout: 90_000 })
			.toBe('webgpu');
		await expect
			.poll(async () => manage(page, 'embedding_status'), { timeout: 60_000 })
			.toMatchObject({ indexed: 2, missing: 0, failed: 0 });
		await searchFor(page, 'how do I fix my bike');
		await expect(results(page).first()).toContainText('Bicycle repair', { timeout: 60_000 });
	});
});

test('without an adapter the model runs on WASM', async ({ app }) => {
	const page = await app.open();
	await waitForNotebook(page);
	await expect
		.poll(async () => (await manage<Models>(page, 'models')).device, { timeout: 60_000 })
		.toBe('wasm');
});
