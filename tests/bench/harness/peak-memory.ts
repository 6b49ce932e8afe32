import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** How far the memory of the page's own process went up, as Linux counts what is resident. */
export interface PeakMemory {
	/** Forgets earlier peaks: what is resident now is the floor. */
	begin(): void;
	/** The highest point since `begin`: above that floor, and with all that Chromium itself needs. */
	read(): { readonly growthBytes: number; readonly peakBytes: number };
}

/** Of the largest renderer of the browser on this profile: page and workers are threads of it. */
export const watchPeakMemory = (profile: string): PeakMemory => {
	let pid = '';
	let floor = 0;
	return {
		begin() {
			pid = largest(renderersOf(profile));
			writeFileSync(`/proc/${pid}/clear_refs`, '5'); // resets VmHWM
			floor = statusOf(pid, 'VmRSS');
		},
		read() {
			const peakBytes = statusOf(pid, 'VmHWM');
			return { growthBytes: peakBytes - floor, peakBytes };
		}
	};
};

const read = (pid: string, file: string): string => {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8');
	} catch {
		return ''; // it ended meanwhile
	}
};

const statusOf = (pid: string, field: string): number =>
	Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(pid, 'status'))?.[1] ?? 0) * 1024;

const parentOf = (pid: string): string => /^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? '';

const renderersOf = (profile: string): readonly string[] => {
	const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	const isOurs = (pid: string): boolean =>
		pid !== '' && (read(pid, 'cmdline').includes(profile) || isOurs(parentOf(pid)));
	return pids.filter((pid) => read(pid, 'cmdline').includes('--type=renderer') && isOurs(pid));
};

const largest = (pids: readonly string[]): string => {
	const sorted = pids.toSorted((a, b) => statusOf(b, 'VmRSS') - statusOf(a, 'VmRSS'));
	if (sorted[0] === undefined) throw new Error('the browser has no page process');
	return sorted[0];
};
