// npm test: what CI runs. Installs (packages, and a browser when there is none), then `verify`.
import { installIfNeeded, run } from './install.mjs';

installIfNeeded();
run(process.execPath, ['tools/run.mjs', 'tools/verify.ts', ...process.argv.slice(2)]);
