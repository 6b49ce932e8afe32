import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const inputs = [
	'src',
	'static',
	'tools',
	'package-lock.json',
	'package.json',
	'svelte.config.js',
	'tsconfig.json',
	'vite.config.ts'
];
/** Made by the build itself from what is hashed already. */
const generated = new Set([
	join('static', 'models', 'use-lite'),
	join('static', 'models', 'static-en-256', 'files.json'),
	join('static', 'recovery-kit.html')
]);

/** SHA-256 over every file that the built app follows from. */
export const sourceHash = (): string => {
	const hash = createHash('sha256');
	for (const file of inputs.filter((path) => existsSync(path)).flatMap(listFiles)) {
		hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
	}
	return hash.digest('hex');
};

const listFiles = (path: string): string[] => {
	if (generated.has(path)) return [];
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path)
		.sort()
		.flatMap((name) => listFiles(join(path, name)));
};
