import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { readFileSync } from 'node:fs';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { buildId } from './tools/build-id.ts';
import { recordBundledPackages } from './tools/bundled-packages.ts';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
	version: string;
	dependencies: Record<string, string>;
};

const engines = ['@sqlite.org/sqlite-wasm', '@huggingface/transformers', 'onnxruntime-web'];

/** Parts of the app that load these come late: found only then, they would reload the tests' page. */
const loadedLate = [
	...Object.keys(dependencies).filter((name) => /^(@codemirror|@lezer)\//.test(name)),
	'bits-ui',
	'dompurify',
	'marked',
	'uplot'
];

const record = recordBundledPackages();

export default defineConfig({
	plugins: [sveltekit(), record.page],
	define: {
		__APP_VERSION__: JSON.stringify(version),
		__TRANSFORMERS_VERSION__: JSON.stringify(dependencies['@huggingface/transformers']),
		__APP_COMMIT__: JSON.stringify(buildId()),
		__CHANGELOG__: JSON.stringify(readFileSync('docs/CHANGELOG.md', 'utf8'))
	},
	// Helpers that run several vite processes in one checkout give each its own cache folder.
	...(process.env.VITE_CACHE_DIR ? { cacheDir: process.env.VITE_CACHE_DIR } : {}),
	resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
	worker: { format: 'es', plugins: () => [record.thread] },
	build: { target: 'es2022' },
	optimizeDeps: { exclude: engines },
	test: {
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					environment: 'node',
					include: ['tests/unit/**/*.test.ts'],
					testTimeout: 30_000
				}
			},
			{
				extends: true,
				optimizeDeps: { include: loadedLate },
				test: {
					name: 'browser',
					include: ['tests/browser/**/*.test.ts'],
					testTimeout: 60_000,
					hookTimeout: 60_000,
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({
							launchOptions: {
								executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
								args: [
									'--no-sandbox',
									'--disable-gpu',
									'--disable-quic',
									'--no-first-run',
									'--disable-background-networking',
									'--disable-component-update',
									'--disable-sync'
								]
							}
						}),
						instances: [{ browser: 'chromium' }]
					}
				}
			}
		]
	}
});
