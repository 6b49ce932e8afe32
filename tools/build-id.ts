import { execFileSync } from 'node:child_process';
import { sourceHash } from './source-hash.ts';

/** Names the build by its commit, or by its content outside git: the same tree, the same name. */
export const buildId = (): string => {
	const given = process.env.BUILD_ID;
	if (given) return given;
	try {
		const name = git('describe', '--always', '--dirty=+', '--abbrev=8', '--exclude=*');
		return name.endsWith('+') ? name + sourceHash().slice(0, 8) : name;
	} catch {
		return sourceHash().slice(0, 12);
	}
};

const git = (...args: string[]): string =>
	execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
