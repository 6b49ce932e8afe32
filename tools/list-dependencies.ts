import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Dependency {
	readonly name: string;
	readonly version: string;
	readonly licence: string;
}

interface LockEntry {
	readonly version?: string;
	readonly license?: string;
	readonly dev?: boolean;
	readonly optional?: boolean;
}

/** The packages that the app is made of, from the lock file, by name. */
export const listDependencies = (folder = '.'): Dependency[] => {
	const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, LockEntry>;
	};
	return Object.entries(lock.packages)
		.filter(([path, entry]) => path !== '' && !entry.dev && !isPlaceholder(folder, path))
		.map(([path, entry]) => ({
			name: nameOf(path),
			version: entry.version ?? '',
			licence: entry.license ?? licenceInPackage(folder, path)
		}))
		.toSorted((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version));
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** Overridden with an empty package, or not installed here: no part of the app. */
const isPlaceholder = (folder: string, path: string): boolean => {
	const file = join(folder, path, 'package.json');
	if (!existsSync(file)) return true;
	return (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name !== nameOf(path);
};

/** For the few packages that name no licence in the lock file. */
const licenceInPackage = (folder: string, path: string): string => {
	const file = ['LICENSE', 'LICENSE.md'].map((name) => join(folder, path, name)).find(existsSync);
	const text = file ? readFileSync(file, 'utf8') : '';
	return text.includes('MIT License') ? 'MIT' : 'unknown';
};
