import type { BenchSite } from './harness/bench-site';
import type { Bench } from './harness/measurement';
import { onBenchPage, type Scope } from './worker-benches';

const actions = 1_000;

/** Counting, logging and writing both may cost 1 % of what is counted. */
export const recordBench = (site: BenchSite): Bench => ({
	name: 'Log and metrics',
	run: async () => {
		const race = await onBenchPage(site, async (page) =>
			page.evaluate(async (count) => (globalThis as Scope).bench.raceRecords(count), actions)
		);
		const share = race.recordsMs / race.actionsMs;
		return [
			{
				name: 'cost of log and metrics by the actions measured',
				value: share * 100,
				unit: '%',
				goal: { kind: 'at most', value: 1 },
				detail: `${race.actions} saves took ${race.actionsMs.toFixed(0)} ms, what was written about them ${race.recordsMs.toFixed(1)} ms`
			}
		];
	}
});
