import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { buildId } from './build-id';
import { sourceHash } from './source-hash';

const stampFile = 'node_modules/.ai-notes-build';
const result = 'build/service-worker.js'; // written last

/** The whole build: model, app, service worker. `--if-changed` does nothing when nothing changed. */
export const main = (args: readonly string[]): void => {
	const stamp = `${sourceHash()} ${process.env.BASE_PATH ?? ''}`;
	if (args.includes('--if-changed') && isUpToDate(stamp)) return;
	rmSync(stampFile, { force: true });
	const env = { BUILD_ID: buildId() };
	run('Building the model', ['tools/run.mjs', 'tools/build-model.ts'], env);
	run('Building the recovery kit', ['tools/run.mjs', 'tools/build-kit.ts'], env);
	run('Building the app', ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], env);
	run('Building the service worker', ['tools/run.mjs', 'tools/build-service-worker.ts'], env);
	writeFileSync(stampFile, stamp);
};

const isUpToDate = (stamp: string): boolean =>
	existsSync(result) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;

const run = (title: string, args: string[], env: Record<string, string>): void => {
	const start = performance.now();
	const { status } = spawnSync(process.execPath, args, {
		stdio: 'inherit',
		env: { ...process.env, ...env }
	});
	if (status !== 0) process.exit(status ?? 1);
	console.log(`${title}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
};
