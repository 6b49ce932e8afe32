import { startOfLocalDay } from '$lib/shared/local-day';
import { hourMs } from '$lib/shared/time';
import { worstStatus, type HealthReport, type HealthStatus } from './health';

/** How one run of the checks ended. */
export interface HealthRun {
	readonly timeMs: number;
	readonly depth: HealthReport['depth'];
	readonly status: HealthStatus;
	readonly checks: number;
	/** Ids of the checks that were not fine. */
	readonly warning: readonly string[];
	readonly failing: readonly string[];
	readonly durationMs: number;
}

export const historyDays = 90;

export const toRun = (report: HealthReport): HealthRun => {
	const idsOf = (wanted: HealthStatus): string[] =>
		report.checks.filter(({ status }) => status === wanted).map(({ id }) => id);
	return {
		timeMs: report.checkedAtMs,
		depth: report.depth,
		status: report.status,
		checks: report.checks.length,
		warning: idsOf('warning'),
		failing: idsOf('failing'),
		durationMs: report.checks.reduce((sum, { durationMs }) => sum + durationMs, 0)
	};
};

/** A start right after another that found the same says nothing new. */
export const isRepeat = (before: HealthRun, run: HealthRun): boolean =>
	run.depth === 'light' &&
	before.depth === 'light' &&
	Math.abs(run.timeMs - before.timeMs) < hourMs &&
	[...before.failing, ...before.warning].join() === [...run.failing, ...run.warning].join() &&
	before.status === run.status;

export interface HealthDay {
	readonly fromMs: number;
	/** The worst of the day; null when nothing was checked. */
	readonly status: HealthStatus | null;
	readonly runs: number;
	/** Ids of all checks that were not fine that day. */
	readonly ids: readonly string[];
}

/** One entry per day, oldest first, the last is today. */
export const toHealthDays = (
	runs: readonly HealthRun[],
	nowMs: number,
	days = historyDays
): HealthDay[] =>
	Array.from({ length: days }, (_, i) => {
		const fromMs = startOfLocalDay(nowMs, i + 1 - days);
		const toMs = startOfLocalDay(nowMs, i + 2 - days);
		const ofDay = runs.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs);
		const ids = new Set(ofDay.flatMap(({ failing, warning }) => [...failing, ...warning]));
		return {
			fromMs,
			status: ofDay.length === 0 ? null : worstOf(ofDay),
			runs: ofDay.length,
			ids: [...ids]
		};
	});

const worstOf = (runs: readonly HealthRun[]): HealthStatus =>
	worstStatus(runs.map(({ status }) => ({ status })));
