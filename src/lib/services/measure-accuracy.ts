import { fingerprintOf, type GoldenQuery } from '$lib/domain/golden-set';
import type { OnProgress } from '$lib/domain/progress';
import type { Coverage, SearchMode, SearchRequest, SearchResponse } from '$lib/domain/search';
import {
	enoughQueries,
	searchModes,
	toScores,
	type Accuracy,
	type Answer,
	type Miss
} from '$lib/domain/search-accuracy';
import { AppError } from '$lib/shared/app-error';
import type { Breathe } from '$lib/shared/pacer';

/** One model's search: the notebook's own, or that of a second set of vectors. */
export interface MeasuredSearch {
	/** Version key of the model. */
	readonly model: string;
	/** The query as a vector of that model; null while it cannot answer. */
	embedQuery(text: string): Promise<Float32Array | null>;
	search(request: SearchRequest): Promise<SearchResponse>;
}

export interface MeasureRequest {
	readonly queries: readonly GoldenQuery[];
	readonly search: MeasuredSearch;
	/** Whose misses are `misses`. */
	readonly mode: SearchMode;
	readonly onProgress: OnProgress;
	readonly signal: AbortSignal;
	readonly elapsed: () => number;
	readonly breathe: Breathe;
}

/** As deep as the scores look. */
const depth = 10;

interface Asked extends Answer {
	readonly golden: GoldenQuery;
	readonly got: string;
}

/**
 * Asks every golden query by words, by meaning and by both. Rejects with `cancelled`, and with
 * `model-missing` when the model cannot hear a query: half a measurement would look like a bad search.
 */
export const measureAccuracy = async (request: MeasureRequest): Promise<Accuracy> => {
	const { queries, search, mode } = request;
	const asked: Record<SearchMode, Asked[]> = { keyword: [], semantic: [], hybrid: [] };
	let coverage: Coverage = { indexedNotes: 0, indexableNotes: 0 };
	for (const [done, golden] of queries.entries()) {
		throwIfCancelled(request.signal);
		request.onProgress({ step: 'Asking questions', done, total: queries.length });
		const { vector, tookMs } = await embed(request, golden);
		for (const each of searchModes) {
			const heard = each === 'keyword' ? null : vector;
			const { asked: one, response } = await ask(request, golden, { mode: each, vector: heard });
			coverage = response.coverage;
			asked[each].push({ ...one, tookMs: one.tookMs + (heard ? tookMs : 0) });
		}
		await request.breathe();
	}
	const missesByMode = {
		keyword: missesOf(asked.keyword),
		semantic: missesOf(asked.semantic),
		hybrid: missesOf(asked.hybrid)
	};
	return {
		queries: queries.length,
		enough: queries.length >= enoughQueries,
		model: search.model,
		keyword: toScores(asked.keyword),
		semantic: toScores(asked.semantic),
		hybrid: toScores(asked.hybrid),
		misses: missesByMode[mode],
		missesByMode,
		fingerprint: fingerprintOf(queries),
		coverage
	};
};

export const throwIfCancelled = (signal: AbortSignal): void => {
	if (signal.aborted) throw new AppError('cancelled', 'The measurement was cancelled.');
};

const embed = async (
	{ search, elapsed }: MeasureRequest,
	{ query }: GoldenQuery
): Promise<{ vector: Float32Array; tookMs: number }> => {
	const startedAt = elapsed();
	const vector = await search.embedQuery(query);
	if (!vector) {
		throw new AppError('model-missing', 'The model that hears the questions is not ready.');
	}
	return { vector, tookMs: elapsed() - startedAt };
};

const ask = async (
	{ search, elapsed }: MeasureRequest,
	golden: GoldenQuery,
	{ mode, vector }: Pick<SearchRequest, 'mode' | 'vector'>
): Promise<{ asked: Asked; response: SearchResponse }> => {
	const startedAt = elapsed();
	const limit = depth + (golden.askedBy === null ? 0 : 1);
	const response = await search.search({ text: golden.query, mode, limit, vector });
	const tookMs = elapsed() - startedAt;
	const results = response.results.filter(({ noteId }) => noteId !== golden.askedBy);
	const place = results.slice(0, depth).findIndex(({ noteId }) => noteId === golden.noteId);
	const rank = place === -1 ? null : place + 1;
	return { asked: { golden, rank, tookMs, got: results[0]?.title ?? '' }, response };
};

const missesOf = (asked: readonly Asked[]): readonly Miss[] =>
	asked
		.filter(({ rank }) => rank !== 1)
		.map(({ golden, got }) => ({ query: golden.query, expected: golden.title, got }));
