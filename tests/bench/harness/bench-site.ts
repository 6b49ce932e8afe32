import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, defaultClientConditions } from 'vite';
import { serve } from '../../../tools/serve';
import type { BenchNote } from './notes';

export interface BenchSite {
	readonly url: string;
	close(): Promise<void>;
}

/** The bench page with the app's own workers, built as the app is built, and served with its headers. */
export const startBenchSite = async (notes: readonly BenchNote[]): Promise<BenchSite> => {
	const folder = mkdtempSync(join(tmpdir(), 'ai-notes-bench-site-'));
	await build({
		configFile: false,
		root: resolve('tests/bench/pages'),
		base: './',
		publicDir: resolve('static'),
		logLevel: 'error',
		resolve: {
			alias: { $lib: resolve('src/lib') },
			conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions]
		},
		define: { __APP_VERSION__: '"bench"', __APP_COMMIT__: '"bench"' },
		worker: { format: 'es' },
		build: { target: 'es2022', outDir: folder, emptyOutDir: true }
	});
	writeFileSync(join(folder, 'bench-notes.json'), JSON.stringify(notes));
	writeFileSync(join(folder, '404.html'), 'nothing here');
	const server = await serve({ root: folder, port: 0 });
	return {
		url: server.url,
		async close() {
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		}
	};
};
