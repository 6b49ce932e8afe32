import type { BenchSite } from './harness/bench-site';
import { beside, type Bench } from './harness/measurement';
import { onBenchPage, type Scope } from './worker-benches';

const queries = 40;
const scanRounds = 25;

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
