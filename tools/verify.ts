import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './ensure-browser';
import { addCounts, readCounts, type TestCounts } from './test-counts';

interface Step {
	readonly name: string;
	readonly command: readonly string[];
	/** The report that says how many tests there were. */
	readonly report?: string;
}

/** What CI runs and what a contributor runs. Stops at the first failure. */
export const main = (): void => {
	const reports = mkdtempSync(join(tmpdir(), 'ai-notes-verify-'));
	const chromium = ensureBrowser();
	let counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
	let failed: string | null = null;
	for (const step of steps(reports)) {
		const ok = run(step, { CHROMIUM_PATH: chromium, AI_NOTES_E2E_REPORT: join(reports, 'e2e') });
		if (step.report) counts = addCounts(counts, readCounts(readReport(step.report)));
		if (!ok) failed = step.name;
		if (failed) break;
	}
	rmSync(reports, { recursive: true });
	if (failed) console.error(`\nverify stopped at: ${failed}`);
	const { passed, skipped } = counts;
	console.log(`tests: ${passed} passed, ${counts.failed} failed, ${skipped} skipped`);
	process.exitCode = failed ? 1 : 0;
};

const steps = (reports: string): readonly Step[] => {
	const ring = (name: string): Step => {
		const report = join(reports, name);
		const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
		return { ...script(`test:${name}`, args), report };
	};
	// SvelteKit leaves the service worker out of its own TypeScript project.
	const worker = ['npx', 'tsc', '--noEmit', '-p', 'src/service-worker'];
	return [
		script('check'),
		{ name: 'check service worker', command: worker },
		script('lint'),
		script('lint:imports'),
		script('build'),
		ring('unit'),
		ring('browser'),
		{ ...script('test:e2e'), report: join(reports, 'e2e') }
	];
};

const script = (name: string, args: readonly string[] = []): Step => ({
	name,
	command: ['npm', 'run', '--silent', name, ...(args.length > 0 ? ['--', ...args] : [])]
});

const run = ({ name, command }: Step, env: Record<string, string>): boolean => {
	console.log(`\n== ${name}`);
	const start = performance.now();
	const [program = '', ...args] = command;
	const { status } = spawnSync(program, args, {
		stdio: 'inherit',
		env: { ...process.env, ...env },
		shell: process.platform === 'win32'
	});
	const seconds = ((performance.now() - start) / 1000).toFixed(1);
	console.log(`== ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${seconds} s`);
	return status === 0;
};

const readReport = (file: string): unknown => {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return null; // the ring did not get as far as a report
	}
};
