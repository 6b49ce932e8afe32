// Runs a TypeScript tool with Vite's own module runner: Node 20 cannot read TypeScript, and one
// bundler in the project is enough. Usage: node tools/run.mjs tools/serve.ts [arguments]
import { runnerImport } from 'vite';
import { resolve } from 'node:path';

const [file] = process.argv.splice(2, 1);
if (!file) throw new Error('usage: node tools/run.mjs FILE.ts [arguments]');
const { module } = await runnerImport(resolve(file), { configFile: false, logLevel: 'error' });
if (typeof module.main === 'function') await module.main(process.argv.slice(2));
