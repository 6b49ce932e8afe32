import { worstStatus, type HealthReport } from '$lib/domain/health';
import { toRun, type HealthRun } from '$lib/domain/health-history';
import type { OnProgress } from '$lib/domain/progress';
import { createEmitter } from '$lib/shared/emitter';
import { startOfLocalDay } from '$lib/shared/local-day';
import { measureHealth, type HealthDepth, type HealthMeasureDeps } from './measure-health';

export interface HealthService {
	/** The newest report of this session, or null before the first. */
	readonly latest: HealthReport | null;
	/** Light: under a second, for the start. Full: every check, with progress. */
	run(depth: 'light' | 'full', onProgress?: OnProgress): Promise<HealthReport>;
	/** Ends a running full check at its next pause; it rejects with `cancelled`. */
	cancel(): Promise<void>;
	/** How the runs since the start of the day so many days ago ended, oldest first. */
	history(days: number): Promise<readonly HealthRun[]>;
	onChanged(listener: (report: HealthReport) => void): () => void;
}

export interface HealthServiceDeps extends HealthMeasureDeps {
	readonly runs: HealthRuns;
}

/** The part of the store of runs that is used. */
export interface HealthRuns {
	add(run: HealthRun): Promise<void>;
	read(sinceMs: number): Promise<readonly HealthRun[]>;
	newestMs(): Promise<number | null>;
}

/** Rejects with `cancelled` only: what cannot be read is said in its check. Works in recovery too. */
export const createHealthService = (deps: HealthServiceDeps): HealthService => {
	const changed = createEmitter<HealthReport>();
	const startedAt = deps.elapsed();
	const openedAtMs = deps.now();
	const running = new Map<HealthDepth, Promise<HealthReport>>();
	let latest: HealthReport | null = null;

	const runOnce = async (depth: HealthDepth, onProgress: OnProgress): Promise<HealthReport> => {
		const checks = await measureHealth(
			deps,
			{ elapsedMs: startedAt, wallMs: openedAtMs },
			depth,
			onProgress
		);
		latest = { status: worstStatus(checks), checks, checkedAtMs: deps.now(), depth };
		// The history may lack a run; the report is there.
		await deps.runs.add(toRun(latest)).catch(() => undefined);
		changed.emit(latest);
		return latest;
	};

	return {
		get latest() {
			return latest;
		},
		async run(depth, onProgress = () => undefined) {
			const current = running.get(depth) ?? runOnce(depth, onProgress);
			running.set(depth, current);
			return current.finally(() => running.delete(depth));
		},
		cancel: async () => deps.db.cancelCheck(),
		history: async (days) => deps.runs.read(startOfLocalDay(deps.now(), -days)),
		onChanged: changed.subscribe
	};
};
