import { readdirSync, readFileSync } from 'node:fs';

/** Ends every process of the browser that runs on this profile, at once and without a warning. */
export const killProcessesOf = (profile: string): void => {
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		if (commandOf(pid).includes(`--user-data-dir=${profile}`)) process.kill(Number(pid), 'SIGKILL');
	}
};

const commandOf = (pid: string): string => {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	} catch {
		return ''; // it ended meanwhile
	}
};
