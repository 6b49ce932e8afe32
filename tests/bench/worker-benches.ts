import type { Page } from '@playwright/test';
import type { BenchSite } from './harness/bench-site';
import { withPage } from './harness/browser';
import { median, rateRatio, type Bench } from './harness/measurement';
import type { BenchPage } from './pages/main';

const importRounds = 7;
const embeddingRounds = 7;
const embeddedNotes = 120;

export const onBenchPage = async <T>(
	site: BenchSite,
	work: (page: Page) => Promise<T>
): Promise<T> =>
	withPage(async (page) => {
		await page.goto((await site.start()).url);
		await page.waitForFunction(() => 'bench' in globalThis);
		return work(page);
	});

export type Scope = typeof globalThis & { bench: BenchPage };

export const importBench = (site: BenchSite): Bench => ({
	name: 'Import and keyword index',
	run: async () => {
		const race = await onBenchPage(site, async (page) =>
			page.evaluate(async (rounds) => (globalThis as Scope).bench.raceImport(rounds), importRounds)
		);
		const rate = (times: readonly number[]): string =>
			`${Math.round((race.notes / median(times)) * 1000)} notes/s`;
		return [
			{
				name: 'import rate by bare inserts',
				value: rateRatio(race),
				unit: 'x',
				goal: { kind: 'at least', value: 0.5 },
				detail: `${race.notes} notes (${site.origin}): ours ${rate(race.oursMs)}, one bare SQLite transaction ${rate(race.referenceMs)}; median of ${importRounds} rounds`
			}
		];
	}
});

export const embeddingBench = (site: BenchSite): Bench => ({
	name: 'Embedding',
	run: async () => {
		const race = await onBenchPage(site, async (page) =>
			page.evaluate(
				async ([notes, rounds]) => (globalThis as Scope).bench.raceEmbedding(notes, rounds),
				[embeddedNotes, embeddingRounds] as const
			)
		);
		const rate = (times: readonly number[]): string =>
			`${((race.passages / median(times)) * 1000).toFixed(1)} passages/s`;
		return [
			{
				name: 'embedding rate by a bare transformers.js loop',
				value: rateRatio(race),
				unit: 'x',
				goal: { kind: 'at least', value: 0.9 },
				detail: `${race.passages} passages in ${race.batches} batches, ${race.threads} threads: ours ${rate(race.oursMs)}, bare ${rate(race.referenceMs)}; median of ${embeddingRounds} rounds`
			}
		];
	}
});
