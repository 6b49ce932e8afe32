import type { Page } from '@playwright/test';
import type { BenchSite } from './harness/bench-site';
import { withPage } from './harness/browser';
import { median, rateRatio, type Bench, type Measurement } from './harness/measurement';
import type { NoteMix } from './pages/embedding-race';
import type { MemoryPoint } from './pages/memory-course';
import type { BenchPage } from './pages/main';

const importRounds = 7;
const embeddingRounds = 7;
const embeddedNotes = 120;

export const onBenchPage = async <T>(
	site: BenchSite,
	work: (page: Page, profile: string) => Promise<T>
): Promise<T> =>
	withPage(async (page, profile) => {
		await page.goto((await site.start()).url);
		await page.waitForFunction(() => 'bench' in globalThis);
		return work(page, profile);
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
	run: async () => [
		await embeddingRate(site, 'alike', 'embedding rate by a bare loop, texts alike', 0.95),
		await embeddingRate(site, 'mixed', 'embedding rate by a bare loop, real notes', 1.3)
	]
});

const embeddingRate = async (
	site: BenchSite,
	mix: NoteMix,
	name: string,
	goal: number
): Promise<Measurement> => {
	const race = await onBenchPage(site, async (page) =>
		page.evaluate(
			async ([kind, notes, rounds]) =>
				(globalThis as Scope).bench.raceEmbedding(kind, notes, rounds),
			[mix, embeddedNotes, embeddingRounds] as const
		)
	);
	const rate = (times: readonly number[]): string =>
		`${((race.passages / median(times)) * 1000).toFixed(1)} passages/s`;
	return {
		name,
		value: rateRatio(race),
		unit: 'x',
		goal: { kind: 'at least', value: goal },
		detail: `${race.passages} passages, ${race.threads} threads: ours ${rate(race.oursMs)}, transformers.js 32 at a time as they come ${rate(race.referenceMs)}; median of ${embeddingRounds} rounds`
	};
};

const memoryMarks = [1_000, 5_000, 20_000];

/** What the model worker holds must not grow with what it has read. */
export const memoryBench = (site: BenchSite): Bench => ({
	name: 'Memory of the model worker',
	run: async () => {
		const points = await onBenchPage(site, async (page) =>
			page.evaluate(async (marks) => (globalThis as Scope).bench.followMemory(marks), memoryMarks)
		);
		const early = points.at(-2);
		const late = points.at(-1);
		if (!early || !late) throw new Error('Too few points of the memory were taken.');
		const toText = ({ passages, bytes }: MemoryPoint): string =>
			`${(bytes / 1e6).toFixed(1)} MB after ${passages}`;
		return [
			{
				name: 'memory after 20,000 passages by that after 5,000',
				value: late.bytes / early.bytes,
				unit: 'x',
				goal: { kind: 'at most', value: 1.1 },
				detail: points.map(toText).join(', ')
			}
		];
	}
});
