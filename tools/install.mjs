// Installs the packages of the lock file when they are missing or older than it. Plain JavaScript
// without packages: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const oldestNode = [20, 19];
const stampFile = 'node_modules/.ai-notes-lock-hash';

export const isNodeTooOld = (version) => {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
};

export const lockHash = () =>
	createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

export const isInstalled = () => {
	if (!existsSync('node_modules/.package-lock.json')) return false;
	return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockHash();
};

/** npm writes this file last: with all our packages in it an install by hand is complete, too. */
const isInstalledByHand = () => {
	if (existsSync(stampFile) || !existsSync('node_modules/.package-lock.json')) return false;
	const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
	const found = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
	return Object.entries(wanted).every(
		([path, entry]) => path === '' || entry.optional || found[path]?.version === entry.version
	);
};

export const installIfNeeded = () => {
	if (isNodeTooOld(process.versions.node)) {
		throw new Error(`AI Notes needs Node 20.19 or newer; this is ${process.versions.node}.`);
	}
	if (isInstalled()) return;
	if (!isInstalledByHand()) {
		console.log('Installing packages (npm ci), once ...');
		run('npm', ['ci', '--no-audit', '--no-fund']);
	}
	writeFileSync(stampFile, lockHash());
};

/** Runs a command in the foreground; ends this process when it fails. */
export const run = (command, args, env = {}) => {
	const { status, error } = spawnSync(command, args, {
		stdio: 'inherit',
		env: { ...process.env, ...env },
		shell: process.platform === 'win32'
	});
	if (error) throw error;
	if (status !== 0) process.exit(status ?? 1);
};
