// npm start: from a clean clone to a running app. Installs, builds when something changed, serves.
import { installIfNeeded, run } from './install.mjs';

installIfNeeded();
run(process.execPath, ['tools/run.mjs', 'tools/build.ts', '--if-changed']);
run(process.execPath, ['tools/run.mjs', 'tools/serve.ts', ...process.argv.slice(2)]);
