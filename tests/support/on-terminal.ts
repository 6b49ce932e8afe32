import { spawnSync } from 'node:child_process';

const has = (command: string, ...args: string[]): boolean =>
	spawnSync(command, args).error === undefined;

/** Why the age command line cannot be tried here; empty when it can. */
export const ageMissing = has('age', '--version') ? '' : 'the age command line is not installed';
/** age asks for a passphrase on the terminal only. */
export const noTerminal =
	ageMissing || (has('script', '--version') ? '' : 'script(1) is not installed');

/** Runs a line in a folder, with a terminal on which `typed` is typed. Throws when it fails. */
export const onTerminal = (folder: string, command: string, typed: string): void => {
	const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
		input: typed,
		cwd: folder
	});
	if (status !== 0) throw new Error(`${command}: ${stdout.toString()}`);
};
