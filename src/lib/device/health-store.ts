import { isAfterJump } from '$lib/domain/clock-jump';
import { historyDays, isRepeat, type HealthRun } from '$lib/domain/health-history';
import { dayMs } from '$lib/shared/time';
import type { DeviceDatabase, StoredHealth } from './device-database';

/** How the checks of the last 90 days ended, in this browser. */
export interface HealthStore {
	/** Adds a run, unless it repeats the last one, and removes what is too old. A jump of the clock removes nothing. */
	add(run: HealthRun): Promise<void>;
	/** Oldest first. */
	read(sinceMs: number): Promise<readonly HealthRun[]>;
	/** The time of the run that was written last, by whatever clock; null before the first. */
	newestMs(): Promise<number | null>;
}

export const createHealthStore = ({ healthRuns }: DeviceDatabase): HealthStore => ({
	async add(run) {
		const last = await healthRuns.orderBy('id').last();
		if (last && isRepeat(last, run)) return;
		// Dexie types the id that it makes itself as required.
		await healthRuns.add(run as StoredHealth);
		const oldestMs = run.timeMs - (historyDays + 1) * dayMs;
		const times = await healthRuns.orderBy('timeMs').keys();
		if (isAfterJump(times as number[], run.timeMs, oldestMs)) return;
		await healthRuns.where('timeMs').below(oldestMs).delete();
	},
	read: async (sinceMs) => healthRuns.where('timeMs').aboveOrEqual(sinceMs).sortBy('timeMs'),
	newestMs: async () => (await healthRuns.orderBy('id').last())?.timeMs ?? null
});
