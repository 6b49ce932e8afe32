import type { BenchSite } from './harness/bench-site';
import { beside, type Bench, type Measurement } from './harness/measurement';
import { watchPeakMemory } from './harness/peak-memory';
import type { MemoryPeak } from './pages/backup-race';
import { onBenchPage, type Scope } from './worker-benches';

const backupRounds = 5;
const restoreRounds = 3;
const leastAllowedBytes = 300e6;

export const backupBench = (site: BenchSite): Bench => ({
	name: 'Backup',
	run: async () => {
		const race = await onBenchPage(site, async (page, profile) => {
			const memory = watchPeakMemory(profile);
			await page.exposeFunction('beginPeak', () => {
				memory.begin();
			});
			await page.exposeFunction('readPeak', (): MemoryPeak => memory.read());
			return page.evaluate(
				async ([backups, restores]) => (globalThis as Scope).bench.raceBackup(backups, restores),
				[backupRounds, restoreRounds] as const
			);
		});
		const { notes, bytes, peaks } = race;
		const size = `${notes} notes, ${(bytes / 1e6).toFixed(0)} MB`;
		return [
			beside('backup with all checks by a bare VACUUM INTO', race, 0.25, size),
			beside('restore with all checks by a bare VACUUM INTO', race.restore, 0.25, size),
			peak('peak memory of a backup', peaks.backup, bytes),
			peak('peak memory of a restore', peaks.restore, bytes)
		];
	}
});

/** Three times the database or 300 MB, whichever is more. */
const peak = (
	name: string,
	{ growthBytes, peakBytes }: MemoryPeak,
	bytes: number
): Measurement => ({
	name,
	value: growthBytes / 1e6,
	unit: 'MB',
	goal: { kind: 'at most', value: Math.max(3 * bytes, leastAllowedBytes) / 1e6 },
	detail: `above what the page held before; all of its process then ${(peakBytes / 1e6).toFixed(0)} MB`
});
