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

/** What tells which model runs, and lets it answer. */
export interface ModelDoor {
	/** Version key of the running model, or null. */
	readonly modelKey: () => string | null;
	/** Waits while the model is being started; null when none can answer. */
	readonly embedQuery: (text: string) => Promise<Float32Array | null>;
}

/** The key of the model once it runs. Rejects with `model-missing` when none will. */
export const waitForModel = async ({ modelKey, embedQuery }: ModelDoor): Promise<string> => {
	if (modelKey() === null) await embedQuery(readable);
	const key = modelKey();
	if (key !== null) return key;
	throw notReady();
};

/** What any model can hear: no answer to it means that none runs. */
const readable = 'ready';

const notReady = (): AppError =>
	new AppError('model-missing', 'The model that hears the questions is not ready.');

export interface Question {
	readonly query: string;
	/** Title of the note that should come first. */
	readonly title: string;
	readonly isRight: (noteId: string) => boolean;
	/** The note that the question was taken from: it would find itself, so it does not count. */
	readonly askedBy: string | null;
}

export interface MeasureRequest {
	readonly questions: readonly Question[];
	readonly fingerprint: string;
	readonly search: MeasuredSearch;
	/** Whose misses are `misses`. */
	readonly mode: SearchMode;
	readonly onProgress: OnProgress;
	readonly signal: AbortSignal;
	readonly elapsed: () => number;
	readonly breathe: Breathe;
	/** Told what each search found, best first. */
	readonly onRanked?: (mode: SearchMode, question: number, noteIds: readonly string[]) => void;
}

/** As deep as the scores look. */
const depth = 10;

interface Asked extends Answer {
	readonly question: Question;
	readonly got: string;
	readonly noteIds: readonly string[];
}

/**
 * Asks every question by words, by meaning and by both. Rejects with `cancelled`, and with
 * `model-missing` when the model cannot hear a query: half a measurement would look like a bad search.
 */
export const measureAccuracy = async (request: MeasureRequest): Promise<Accuracy> => {
	const { questions, search, mode, fingerprint } = request;
	const { asked, coverage } = await askAll(request);
	const missesByMode = {
		keyword: missesOf(asked.keyword),
		semantic: missesOf(asked.semantic),
		hybrid: missesOf(asked.hybrid)
	};
	return {
		queries: questions.length,
		enough: questions.length >= enoughQueries,
		model: search.model,
		keyword: toScores(asked.keyword),
		semantic: toScores(asked.semantic),
		hybrid: toScores(asked.hybrid),
		misses: missesByMode[mode],
		missesByMode,
		fingerprint,
		coverage
	};
};

export const throwIfCancelled = (signal: AbortSignal): void => {
	if (signal.aborted) throw new AppError('cancelled', 'The measurement was cancelled.');
};

const askAll = async (
	request: MeasureRequest
): Promise<{ asked: Record<SearchMode, Asked[]>; coverage: Coverage }> => {
	const { questions, signal, onProgress, onRanked, breathe } = request;
	const asked: Record<SearchMode, Asked[]> = { keyword: [], semantic: [], hybrid: [] };
	let coverage: Coverage = { indexedNotes: 0, indexableNotes: 0 };
	for (const [done, question] of questions.entries()) {
		throwIfCancelled(signal);
		onProgress({ step: 'Asking questions', done, total: questions.length });
		const { vector, tookMs } = await hear(request, question.query);
		for (const mode of searchModes) {
			const heard = mode === 'keyword' ? null : vector;
			const one = await ask(request, question, { mode, vector: heard });
			coverage = one.coverage;
			asked[mode].push({ ...one.asked, tookMs: one.asked.tookMs + (heard ? tookMs : 0) });
			onRanked?.(mode, done, one.asked.noteIds);
		}
		await breathe();
	}
	return { asked, coverage };
};

/**
 * The query as a vector, and how long that took: whoever searches by meaning waits for it too. Null when
 * the model can read nothing in it, such as another script: search by meaning finds nothing then.
 */
export const hear = async (
	{ search, elapsed }: Pick<MeasureRequest, 'search' | 'elapsed'>,
	query: string
): Promise<{ vector: Float32Array | null; tookMs: number }> => {
	const startedAt = elapsed();
	const vector = await search.embedQuery(query);
	const tookMs = elapsed() - startedAt;
	if (!vector && !(await search.embedQuery(readable))) throw notReady();
	return { vector, tookMs };
};

const ask = async (
	{ search, elapsed }: MeasureRequest,
	question: Question,
	{ mode, vector }: Pick<SearchRequest, 'mode' | 'vector'>
): Promise<{ asked: Asked; coverage: Coverage }> => {
	const startedAt = elapsed();
	const limit = depth + (question.askedBy === null ? 0 : 1);
	const response = await search.search({ text: question.query, mode, limit, vector });
	const tookMs = elapsed() - startedAt;
	const results = response.results
		.filter(({ noteId }) => noteId !== question.askedBy)
		.slice(0, depth);
	const place = results.findIndex(({ noteId }) => question.isRight(noteId));
	const rank = place === -1 ? null : place + 1;
	const noteIds = results.map(({ noteId }) => noteId);
	const asked = { question, rank, tookMs, got: results[0]?.title ?? '', noteIds };
	return { asked, coverage: response.coverage };
};

const missesOf = (asked: readonly Asked[]): readonly Miss[] =>
	asked
		.filter(({ rank }) => rank !== 1)
		.map(({ question, got }) => ({ query: question.query, expected: question.title, got }));
