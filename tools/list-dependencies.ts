import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Dependency {
	readonly name: string;
	readonly version: string;
	/** An SPDX identifier or expression. */
	readonly licence: string;
	/** SHA-512 of the package in the registry, as the lock file has it. */
	readonly integrity: string | null;
}

interface LockEntry {
	readonly version?: string;
	readonly license?: string;
	readonly integrity?: string;
	readonly dependencies?: Readonly<Record<string, string>>;
}

/** Packages that come already bundled: what they depend on is inside of them, where no bundler sees it. */
const prebuilt = ['@huggingface/transformers', 'onnxruntime-web'];

/** The packages in these folders and what is inside of them, from the lock file, by name. */
export const listDependencies = (folders: readonly string[], root = '.'): Dependency[] => {
	const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, LockEntry>;
	};
	return [...new Set([...folders, ...insideOf(folders, lock.packages)])]
		.filter((path) => !isPlaceholder(root, path))
		.map((path) => {
			const { version = '', license, integrity = null } = lock.packages[path] ?? {};
			const licence = license ?? licenceInPackage(root, path);
			return { name: nameOf(path), version, licence, integrity };
		})
		.toSorted((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version));
};

const insideOf = (
	folders: readonly string[],
	packages: Readonly<Record<string, LockEntry>>
): string[] =>
	folders
		.filter((path) => prebuilt.includes(nameOf(path)))
		.flatMap((path) =>
			Object.keys(packages[path]?.dependencies ?? {}).map((name) => {
				const own = `${path}/node_modules/${name}`;
				return own in packages ? own : `node_modules/${name}`;
			})
		);

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** Overridden with an empty package, or not installed here: no part of the app. */
const isPlaceholder = (root: string, path: string): boolean => {
	const file = join(root, path, 'package.json');
	if (!existsSync(file)) return true;
	return (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name !== nameOf(path);
};

/** For the few packages that name no licence in the lock file. */
const licenceInPackage = (root: string, path: string): string => {
	const file = ['LICENSE', 'LICENSE.md'].map((name) => join(root, path, name)).find(existsSync);
	const text = file ? readFileSync(file, 'utf8') : '';
	return text.includes('MIT License') ? 'MIT' : 'unknown';
};
