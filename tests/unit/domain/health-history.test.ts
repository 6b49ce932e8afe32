import { worstStatus, type HealthCheck, type HealthReport } from '$lib/domain/health';
import { groupChecks } from '$lib/domain/health-groups';
import { isRepeat, toHealthDays, toRun } from '$lib/domain/health-history';
import { dayMs, hourMs } from '$lib/shared/time';
import { expect, test } from 'vitest';
import { aCheck } from '../../support/maintenance-services';

const noonMs = new Date(2026, 4, 12, 12).getTime();

const aReport = (checks: readonly HealthCheck[], checkedAtMs = noonMs): HealthReport => ({
	status: worstStatus(checks),
	checks,
	checkedAtMs,
	depth: 'light'
});

const late = aCheck({ id: 'backup-age', status: 'warning' });
const torn = aCheck({ id: 'structure', status: 'failing' });

test('a run is remembered by what was not fine', () => {
	expect(toRun(aReport([late, torn, aCheck({ id: 'clock' })]))).toEqual({
		timeMs: noonMs,
		depth: 'light',
		status: 'failing',
		checks: 3,
		warning: ['backup-age'],
		failing: ['structure'],
		durationMs: 6
	});
});

test('starts within an hour that found the same are one run; anything new is another', () => {
	const run = toRun(aReport([late]));
	expect(isRepeat(run, toRun(aReport([late], noonMs + 600_000)))).toBe(true);
	expect(isRepeat(run, toRun(aReport([late], noonMs + hourMs)))).toBe(false);
	expect(isRepeat(run, toRun(aReport([torn], noonMs + 600_000)))).toBe(false);
	expect(isRepeat(run, { ...run, depth: 'full' })).toBe(false);
});

test('each of 90 days shows its worst, and a day without checks is not called fine', () => {
	const runs = [
		toRun(aReport([aCheck()], noonMs - 3 * dayMs)),
		toRun(aReport([late], noonMs - 3 * dayMs + hourMs)),
		toRun(aReport([aCheck()]))
	];
	const days = toHealthDays(runs, noonMs);
	expect(days).toHaveLength(90);
	expect(days.at(-1)).toMatchObject({ status: 'ok', runs: 1, ids: [] });
	expect(days.at(-2)?.status).toBeNull();
	expect(days.at(-4)).toMatchObject({ status: 'warning', runs: 2, ids: ['backup-age'] });
});

test('every check has its place on the page, and a new one is not lost', () => {
	const checks = [torn, late, aCheck({ id: 'embeddings' }), aCheck({ id: 'brand-new' })];
	const groups = groupChecks(checks);
	expect(groups.map(({ title, status }) => [title, status])).toEqual([
		['Your notes', 'failing'],
		['Safety', 'warning'],
		['Search', 'ok'],
		['This device', 'ok']
	]);
	expect(groups.flatMap((group) => group.checks)).toHaveLength(checks.length);
});
