import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from 'vite';
import { injectManifest, type ManifestEntry } from 'workbox-build';
import { packagesIn, readBundledPackages } from './bundled-packages';
import { listDependencies } from './list-dependencies';
import { makePlaceIndependent } from './not-found-page';
import { createSbom, listModels } from './write-sbom';

const target = 'service-worker.js';
/** Cloudflare Pages takes no larger file. */
const largestFileBytes = 25 * 1024 * 1024;

export const main = async (): Promise<void> => finishSite('build');

/** The last step of the build: everything that needs to see the finished site. */
export const finishSite = async (root: string): Promise<void> => {
	makePlaceIndependent(join(root, '404.html'));
	const engines = listFiles(root).filter(isEngine);
	const folder = mkdtempSync(join(tmpdir(), 'ai-notes-sw-'));
	try {
		const own = await bundle(folder, engines);
		tellParts(root, [...readBundledPackages(), ...own]);
		const files = listFiles(root);
		const precached = await writeWithManifest(root, join(folder, target));
		const problems = findProblems(files, precached, (file) => statSync(join(root, file)).size);
		if (problems.length > 0) throw new Error(`The build is not complete:\n${problems.join('\n')}`);
	} finally {
		rmSync(folder, { recursive: true });
	}
};

export const isEngine = (file: string): boolean => /(^|\/)ort-wasm[^/]*\.(wasm|mjs)$/.test(file);

/** What must not leave the house: a site that lacks a part offline, or that a host would refuse. */
export const findProblems = (
	files: readonly string[],
	precached: readonly string[],
	sizeOf: (file: string) => number
): string[] => {
	const kept = new Set(precached);
	const needed = files.filter(
		(file) => file.startsWith('_app/') && /\.(js|mjs|wasm|css)$/.test(file) && !isEngine(file)
	);
	const missing = ['index.html', '404.html', ...needed].filter((file) => !kept.has(file));
	const wrong = precached.filter((file) => file === '_app/version.json' || isEngine(file));
	const tooLarge = files.filter((file) => sizeOf(file) > largestFileBytes);
	return [
		...missing.map((file) => `not kept for offline use: ${file}`),
		...wrong.map((file) => `kept, but must come from the network: ${file}`),
		...tooLarge.map((file) => `larger than 25 MiB: ${file}`),
		...(precached.some((file) => /sqlite3[^/]*\.wasm$/.test(file))
			? []
			: ['sqlite3.wasm is missing'])
	];
};

/** Resolves to the folders of the packages that went in. */
const bundle = async (outDir: string, engine: readonly string[]): Promise<string[]> => {
	const result = await build({
		configFile: false,
		logLevel: 'warn',
		publicDir: false,
		define: {
			'process.env.NODE_ENV': '"production"',
			__ENGINE_PATHS__: JSON.stringify(engine)
		},
		build: {
			outDir,
			emptyOutDir: true,
			target: 'es2022',
			lib: { entry: 'src/service-worker/index.ts', formats: ['iife'], name: 'serviceWorker' },
			rollupOptions: { output: { entryFileNames: target } }
		}
	});
	return packagesIn([result].flat().flatMap((built) => ('output' in built ? built.output : [])));
};

/** What the app is made of: for its own pages, and as a bill of materials for others. */
const tellParts = (root: string, folders: readonly string[]): void => {
	const dependencies = listDependencies(folders);
	const short = dependencies.map(({ name, version, licence }) => ({ name, version, licence }));
	writeJson(join(root, 'dependencies.json'), short);
	const text = readFileSync('package.json', 'utf8');
	const { name, version, license } = JSON.parse(text) as Record<
		'name' | 'version' | 'license',
		string
	>;
	const app = { name, version, licence: license };
	const models = listModels('static/models');
	writeJson(join(root, 'sbom.cdx.json'), createSbom({ app, dependencies, models }));
};

const writeJson = (file: string, value: unknown): void =>
	writeFileSync(file, JSON.stringify(value, null, '\t'));

const writeWithManifest = async (root: string, swSrc: string): Promise<string[]> => {
	let entries: readonly ManifestEntry[] = [];
	const { count, size, warnings } = await injectManifest({
		swSrc,
		swDest: join(root, target),
		globDirectory: root,
		globPatterns: ['**/*.{js,mjs,css,html,wasm,webmanifest,png,svg,json,woff2}'],
		globIgnores: [target, '**/ort-wasm*', 'models/**', '_app/version.json'],
		maximumFileSizeToCacheInBytes: 5_000_000,
		dontCacheBustURLsMatching: /_app\/immutable\//,
		manifestTransforms: [
			(manifest) => {
				entries = manifest;
				return { manifest };
			}
		]
	});
	if (warnings.length > 0) throw new Error(warnings.join('\n'));
	console.log(`The service worker keeps ${count} files, ${(size / 1e6).toFixed(1)} MB.`);
	return entries.map(({ url }) => url);
};

const listFiles = (root: string): string[] =>
	readdirSync(root, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
