// Runs a TypeScript tool with Vite's own module runner: Node 20 cannot read TypeScript, and one
// bundler in the project is enough. Usage: node tools/run.mjs tools/serve.ts [arguments]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [file] = process.argv.splice(2, 1);
if (!file) throw new Error('usage: node tools/run.mjs FILE.ts [arguments]');

// Our tsconfig extends one that SvelteKit generates: in a clean clone it is not there yet.
if (!existsSync('.svelte-kit/tsconfig.json')) {
	spawnSync(process.execPath, ['node_modules/@sveltejs/kit/svelte-kit.js', 'sync'], {
		stdio: 'inherit'
	});
}
// Vite names its own mode here; a build started by the tool must not become a development build.
const { NODE_ENV: mode } = process.env;
const { module } = await runnerImport(resolve(file), {
	configFile: false,
	logLevel: 'error',
	resolve: { alias: { $lib: resolve('src/lib') } }
});
if (mode === undefined) delete process.env.NODE_ENV;
else process.env.NODE_ENV = mode;
if (typeof module.main === 'function') await module.main(process.argv.slice(2));
