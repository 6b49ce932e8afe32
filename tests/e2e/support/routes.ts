import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Every page of the built app, as a path below its base: '', 'maintenance/', … */
export const builtRoutes = (root = 'build'): string[] =>
	readdirSync(root, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.name === 'index.html')
		.map((entry) => relative(root, dirname(join(entry.parentPath, entry.name))))
		.map((path) => (path === '' ? '' : `${path.replaceAll('\\', '/')}/`))
		.sort();
