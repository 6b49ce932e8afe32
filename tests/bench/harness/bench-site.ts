import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, defaultClientConditions } from 'vite';
import { serve, type StaticServer } from '../../../tools/serve';
import { multiplyNotes, type NoteSet } from './notes';

/** The bench page with the app's own workers, built as the app is built, and served with its headers. */
export interface BenchSite {
	/** Where its notes come from, for the report. */
	readonly origin: string;
	/** Builds and serves it; later calls give the same server. */
	start(): Promise<StaticServer>;
	close(): Promise<void>;
}

export const createBenchSite = ({ notes, origin }: NoteSet): BenchSite => {
	const folder = mkdtempSync(join(tmpdir(), 'ai-notes-bench-site-'));
	let server: Promise<StaticServer> | null = null;

	const buildAndServe = async (): Promise<StaticServer> => {
		await buildPages(folder);
		writeFileSync(join(folder, 'bench-notes.json'), JSON.stringify(notes));
		const many = multiplyNotes(notes, 10_000);
		writeFileSync(join(folder, 'bench-notes-10000.json'), JSON.stringify(many));
		writeFileSync(join(folder, '404.html'), 'nothing here');
		return serve({ root: folder, port: 0 });
	};

	return {
		origin,
		start: async () => (server ??= buildAndServe()),
		async close() {
			await server?.then(async (running) => running.close());
			rmSync(folder, { recursive: true, force: true });
		}
	};
};

const buildPages = async (folder: string): Promise<void> => {
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
};
