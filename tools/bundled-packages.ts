import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plugin } from 'vite';

/** What `vite build` leaves for the last step of the build. */
const recordFile = '.svelte-kit/bundled-packages.json';

interface BundlePart {
	readonly modules?: Readonly<Record<string, unknown>>;
	readonly originalFileNames?: readonly string[];
}

/** Folders of the packages whose code or files went into these parts, as the lock file names them. */
export const packagesIn = (parts: readonly object[]): string[] => {
	const files = (parts as readonly BundlePart[]).flatMap(
		({ modules = {}, originalFileNames = [] }) => [...Object.keys(modules), ...originalFileNames]
	);
	return [...new Set(files.map(packageFolder).filter((folder) => folder !== null))].toSorted();
};

/** `/x/node_modules/a/node_modules/@b/c/d.js?e` → `node_modules/a/node_modules/@b/c` */
export const packageFolder = (file: string): string | null =>
	/node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/?]+/.exec(
		file.replaceAll('\\', '/')
	)?.[0] ?? null;

/** Writes down which packages the site is made of, its threads included; the server's side is no part of it. */
export const recordBundledPackages = (): { readonly page: Plugin; readonly thread: Plugin } => {
	const folders = new Set<string>();
	const add = (bundle: object): void => {
		for (const folder of packagesIn(Object.values(bundle) as object[])) folders.add(folder);
		mkdirSync(dirname(recordFile), { recursive: true });
		writeFileSync(recordFile, JSON.stringify([...folders].toSorted(), null, '\t'));
	};
	return {
		page: {
			name: 'record-packages',
			apply: 'build',
			generateBundle(_, bundle) {
				if (this.environment.name === 'client') add(bundle);
			}
		},
		thread: {
			name: 'record-packages-of-threads',
			apply: 'build',
			generateBundle: (_, bundle) => add(bundle)
		}
	};
};

export const readBundledPackages = (): string[] => {
	if (!existsSync(recordFile)) throw new Error(`${recordFile} is missing: run vite build first.`);
	return JSON.parse(readFileSync(recordFile, 'utf8')) as string[];
};
