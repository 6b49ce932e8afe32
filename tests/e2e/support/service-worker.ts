import { expect, type Page } from '@playwright/test';

/** Waits until the service worker of this page is in charge. */
export const waitForServiceWorker = async (page: Page): Promise<void> => {
	await page.evaluate(async () => {
		await navigator.serviceWorker.ready;
		if (navigator.serviceWorker.controller) return;
		await new Promise((done) =>
			navigator.serviceWorker.addEventListener('controllerchange', done, { once: true })
		);
	});
};

/** Names of the files in all caches of this origin. */
export const cachedPaths = async (page: Page): Promise<string[]> =>
	page.evaluate(async () => {
		const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
		const keys = await Promise.all(caches_.map((cache) => cache.keys()));
		return keys.flat().map(({ url }) => new URL(url).pathname);
	});

/** Waits until a start without network has all it needs: the shell, the runtime and the model. */
export const waitUntilOfflineReady = async (page: Page): Promise<void> => {
	await waitForServiceWorker(page);
	await expect
		.poll(async () => missingOffline(await cachedPaths(page)), { timeout: 90_000 })
		.toEqual([]);
};

const neededOffline = {
	'the page': /\/index\.html$/,
	'the database engine': /sqlite3[^/]*\.wasm$/,
	'the model runtime': /ort-wasm-simd-threaded(?!\.jspi)[^/]*\.wasm$/,
	'the model runtime (script)': /ort-wasm-simd-threaded(?!\.jspi)[^/]*\.mjs$/,
	'the first model': /\/use-lite\/onnx\/.*\.onnx$/,
	'the second model': /\/static-en-256\/onnx\/.*\.onnx$/
} as const;

const missingOffline = (paths: readonly string[]): string[] =>
	Object.entries(neededOffline)
		.filter(([, pattern]) => !paths.some((path) => pattern.test(path)))
		.map(([what]) => what);
