import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright-core';

const systemNames = [
	'/usr/bin/chromium',
	'chromium',
	'chromium-browser',
	'google-chrome',
	'google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** Path of a Chromium that runs here. Installs one when there is none; fails when that fails. */
export const ensureBrowser = (): string => {
	const given = process.env.CHROMIUM_PATH;
	if (given) {
		if (runs(given)) return given;
		throw new Error(`CHROMIUM_PATH names ${given}, which does not run.`);
	}
	const found = findBrowser();
	if (found) return found;
	for (const install of [installWithPlaywright, installWithApt]) {
		install();
		const installed = findBrowser();
		if (installed) return installed;
	}
	throw new Error('No Chromium found and none could be installed. Set CHROMIUM_PATH.');
};

const findBrowser = (): string | null => {
	const named = systemNames.map(toPath).find((path) => path !== null && runs(path));
	return named ?? [chromium.executablePath()].find(runs) ?? null;
};

const toPath = (name: string): string | null => {
	if (name.startsWith('/')) return name;
	const { stdout, status } = spawnSync('which', [name], { encoding: 'utf8' });
	return status === 0 ? stdout.trim() : null;
};

/** Some distributions ship a stub that only says how to install the browser: so it is started. */
const runs = (path: string): boolean =>
	spawnSync(path, ['--version'], { timeout: 20_000, stdio: 'ignore' }).status === 0;

const installWithPlaywright = (): void => {
	console.log('No Chromium found. Installing one with Playwright ...');
	spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit' });
};

const installWithApt = (): void => {
	if (process.getuid?.() !== 0) return;
	console.log('Installing Chromium with apt-get ...');
	spawnSync('sh', ['-c', 'apt-get update && apt-get install -y chromium'], { stdio: 'inherit' });
};
