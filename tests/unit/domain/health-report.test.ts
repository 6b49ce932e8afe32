import { worstStatus, type HealthCheck } from '$lib/domain/health';
import { toRun } from '$lib/domain/health-history';
import {
	reportFileName,
	toMailAddress,
	writeHealthReport,
	type ReportFacts
} from '$lib/domain/health-report';
import { bucketOf } from '$lib/domain/latency-histogram';
import { emptySample, type MetricSample } from '$lib/domain/metric-sample';
import { dayMs } from '$lib/shared/time';
import { expect, test } from 'vitest';
import { aCheck } from '../../support/maintenance-services';

const nowMs = new Date(2026, 4, 12, 12).getTime();

const day = (back: number, change: Partial<MetricSample>): MetricSample => ({
	...emptySample('day', nowMs - back * dayMs),
	...change
});

const facts = (checks: readonly HealthCheck[], change: Partial<ReportFacts> = {}): ReportFacts => {
	const health = {
		status: worstStatus(checks),
		checks,
		checkedAtMs: nowMs,
		depth: 'full'
	} as const;
	return { nowMs, health, runs: [toRun(health)], samples: [], tasks: [], ...change };
};

test('a week in which all was fine says so, and that nothing is due', () => {
	const { title, body, summary } = writeHealthReport(facts([aCheck(), aCheck({ id: 'b' })]));
	expect(title).toBe('Health report, 12 May 2026');
	expect(summary).toBe('2 checks ran; all fine.');
	expect(body).toContain('## What is due\n\nNothing.');
	expect(body).toContain('Checked on 1 day, fine on each.');
});

test('what is due is named first, with what to do', () => {
	const late = aCheck({
		...{ id: 'backup-age', title: 'Newest verified backup', status: 'warning' },
		...{ value: '3 days ago', message: 'Back up now.' }
	});
	const { body, summary } = writeHealthReport(facts([aCheck(), late]));
	expect(summary).toBe('1 thing needs you: Newest verified backup.');
	expect(body).toContain('- **Newest verified backup** (warning): 3 days ago. Back up now.');
	expect(body).toContain('- 12 May 2026: Newest verified backup');
});

test('figures stand against those of a week ago, and an unknown one is not called 0', () => {
	const samples = [
		day(7.5, { gauges: { notes: 100, databaseBytes: 2_000_000 } }),
		day(8, { latencies: { save: { [bucketOf(10)]: 4 } } }),
		day(1, { latencies: { save: { [bucketOf(20)]: 4 } } }),
		day(0, { gauges: { notes: 112, databaseBytes: 2_000_000, errors24h: 0 } })
	];
	const { body } = writeHealthReport(facts([aCheck()], { samples }));
	expect(body).toContain('| Notes | 112 | 100 | +12 |');
	expect(body).toContain('| Database | 2.0 MB | 2.0 MB | the same |');
	expect(body).toContain('| Errors in 24 hours | 0 | not available | not available |');
	expect(body).toContain('| Storage used | not available | not available | not available |');
	expect(body).toMatch(
		/\| Save \| (19|20) ms \/ (19|20) ms \| (9\.\d ms|10 ms) \/ (9\.\d ms|10 ms) \|/
	);
	expect(body).toContain('| Start | not available | not available |');
});

test('figures of another day stand neither as those of now nor as those of a week ago', () => {
	const samples = [
		day(12, { gauges: { notes: 90 } }),
		day(2, { gauges: { notes: 100 } }),
		day(-3, { gauges: { notes: 300 } })
	];
	const { body } = writeHealthReport(facts([aCheck()], { samples }));
	expect(body).toContain('| Notes | not available | not available | not available |');
});

test('a mail holds the report as far as mail programs take it, and says where the rest is', () => {
	const short = toMailAddress({ title: 'Health & more', body: 'All fine.\n' });
	expect(short).toBe('mailto:?subject=Health%20%26%20more&body=All%20fine.%0A');
	const long = toMailAddress({ title: 'T', body: 'x'.repeat(9_000) });
	expect(decodeURIComponent(long)).toContain('a note with the tag health-report');
	expect(decodeURIComponent(long).length).toBeLessThan(2_000);
	expect(reportFileName(Date.UTC(2026, 4, 12))).toBe('ai-notes-health-report-2026-05-12.md');
});
