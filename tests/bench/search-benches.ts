import type { BenchSite } from './harness/bench-site';
import { median, quantile, rateRatio, type Bench, type Measurement } from './harness/measurement';
import { onBenchPage, type Scope } from './worker-benches';

const queries = 40;
const scanRounds = 25;
const backupRounds = 5;
const restoreRounds = 3;

interface Times {
	readonly oursMs: readonly number[];
	readonly referenceMs: readonly number[];
}

const figures = (times: readonly number[]): string =>
	`${median(times).toFixed(1)} ms (p95 ${quantile(times, 0.95).toFixed(1)})`;

/** Above 1 is faster than the reference. */
const beside = (name: string, times: Times, least: number, what: string): Measurement => ({
	name,
	value: rateRatio(times),
	unit: 'x',
	goal: { kind: 'at least', value: least },
	detail: `${what}: ours ${figures(times.oursMs)}, plain ${figures(times.referenceMs)}; median of ${times.oursMs.length} rounds`
});

export const searchBench = (site: BenchSite): Bench => ({
	name: 'Search with 10,000 notes',
	run: async () => {
		const race = await onBenchPage(site, async (page) =>
			page.evaluate(async (rounds) => (globalThis as Scope).bench.raceSearch(rounds), queries)
		);
		const { notes, passages, quiet, indexing } = race;
		return [
			beside(
				'hybrid search rate by FTS5 in order of rank and a float loop',
				quiet,
				1,
				`${notes} notes, ${passages} passages`
			),
			beside('the same while passages are being indexed', indexing, 0.5, 'one writer at work')
		];
	}
});

export const scanBench = (site: BenchSite): Bench => ({
	name: 'Vector scan',
	run: async () => {
		const races = await onBenchPage(site, async (page) =>
			page.evaluate(
				async ([rounds]) => [
					await (globalThis as Scope).bench.raceScan(10_000, rounds),
					await (globalThis as Scope).bench.raceScan(50_000, rounds)
				],
				[scanRounds] as const
			)
		);
		return races.flatMap((race) => [
			beside(
				`scan of ${race.vectors} vectors by a float32 loop`,
				race,
				2,
				`ten nearest of ${race.vectors} x 512`
			),
			{
				name: `recall of the ten nearest of ${race.vectors}`,
				value: race.recall,
				unit: 'x',
				goal: { kind: 'at least', value: 1 },
				detail: 'against the float32 loop, 20 queries'
			}
		]);
	}
});

export const backupBench = (site: BenchSite): Bench => ({
	name: 'Backup',
	run: async () => {
		const race = await onBenchPage(site, async (page) =>
			page.evaluate(
				async ([backups, restores]) => (globalThis as Scope).bench.raceBackup(backups, restores),
				[backupRounds, restoreRounds] as const
			)
		);
		const size = `${race.notes} notes, ${(race.bytes / 1e6).toFixed(0)} MB`;
		return [
			beside('backup with all checks by a bare VACUUM INTO', race, 0.25, size),
			beside('restore with all checks by a bare VACUUM INTO', race.restore, 0.25, size)
		];
	}
});
