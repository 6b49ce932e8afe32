import type { ImportedNote } from '$lib/domain/import';
import { wrap, type Remote } from 'comlink';
import type { BareSearch } from './bare-search.worker';
import BareSearchWorker from './bare-search.worker?worker';
import { fetchNotes } from './bench-notes';
import { openFullNotebook, type FullNotebook } from './full-notebook';
import { interleave, type RoundTimes } from './round-order';
import { createVectors } from './vectors';

export interface SearchRace {
	readonly notes: number;
	readonly passages: number;
	/** One round is one query. */
	readonly quiet: RoundTimes;
	/** The same while passages are embedded and written. */
	readonly indexing: RoundTimes;
}

/**
 * Ours: DbApi.search as the search box asks it, snippets, reasons and coverage included. Reference: a
 * plain hybrid search in a worker of its own. The queries are titles of the notes as they are typed.
 */
export const raceSearch = async (rounds: number): Promise<SearchRace> => {
	const notes = await fetchNotes('bench-notes-10000.json');
	const notebook = await openFullNotebook(notes);
	const worker = new BareSearchWorker();
	const bare = wrap<BareSearch>(worker);
	await bare.prepare(notes, notebook.passages);
	const queries = typedQueries(notes, rounds);
	await race(notebook, bare, queries.slice(0, 8)); // warms both
	const quiet = await race(notebook, bare, queries);
	const stop = new AbortController();
	const work = notebook.index(stop.signal);
	const indexing = await race(notebook, bare, queries);
	stop.abort();
	await work;
	worker.terminate();
	await notebook.close();
	return { notes: notes.length, passages: notebook.passages, quiet, indexing };
};

const typedQueries = (notes: readonly ImportedNote[], count: number): string[] =>
	Array.from({ length: count }, (_, index) => {
		const title = notes[(index * 389) % notes.length]?.title ?? '';
		return title.slice(0, Math.max(3, Math.round(title.length * (0.2 + 0.2 * (index % 5)))));
	});

const race = async (
	{ api }: FullNotebook,
	bare: Remote<BareSearch>,
	queries: readonly string[]
): Promise<RoundTimes> => {
	const vectorOf = createVectors();
	const times: RoundTimes = { oursMs: [], referenceMs: [] };
	for (const [index, text] of queries.entries()) {
		const vector = vectorOf(index * 17);
		const { oursMs, referenceMs } = await interleave(
			1,
			async () => timed(async () => api.search({ text, mode: 'hybrid', limit: 50, vector })),
			async () => timed(async () => bare.search(text, vector))
		);
		times.oursMs.push(...oursMs);
		times.referenceMs.push(...referenceMs);
	}
	return times;
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
	const startedMs = performance.now();
	await work();
	return performance.now() - startedMs;
};
