import { historyDays, isRepeat, type HealthRun } from '$lib/domain/health-history';
import { dayMs } from '$lib/shared/time';
import type { DeviceDatabase, StoredHealth } from './device-database';

/** How the checks of the last 90 days ended, in this browser. */
export interface HealthStore {
	/** Adds a run, unless it repeats the last one, and removes what is too old. */
	add(run: HealthRun): Promise<void>;
	/** Oldest first. */
	read(sinceMs: number): Promise<readonly HealthRun[]>;
	/** When this browser last wrote down a run; null before the first. */
	newestMs(): Promise<number | null>;
}

export const createHealthStore = ({ healthRuns }: DeviceDatabase): HealthStore => ({
	async add(run) {
		const last = await healthRuns.orderBy('id').last();
		if (last && isRepeat(last, run)) return;
		// Dexie types the id that it makes itself as required.
		await healthRuns.add(run as StoredHealth);
		await healthRuns
			.where('timeMs')
			.below(run.timeMs - (historyDays + 1) * dayMs)
			.delete();
	},
	read: async (sinceMs) => healthRuns.where('timeMs').aboveOrEqual(sinceMs).sortBy('timeMs'),
	newestMs: async () => (await healthRuns.orderBy('timeMs').last())?.timeMs ?? null
});
