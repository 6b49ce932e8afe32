import type { RelatedNote, SearchMode, SearchResponse } from '$lib/domain/search';
import type { DbClient } from '$lib/rpc/notebook-client';

export interface SearchOptions {
	readonly mode: SearchMode;
	readonly limit: number;
	readonly tag?: string;
	/** Do not wait for the model: answer with words when the query is not embedded yet. */
	readonly wordsFirst?: boolean;
}

export interface SearchService {
	/** Falls back to words when the model is not ready; `mode` of the answer tells what was run. */
	search(text: string, options: SearchOptions): Promise<SearchResponse>;
	related(noteId: string, limit: number): Promise<readonly RelatedNote[]>;
}

export interface QueryVector {
	readonly vector: Float32Array;
	/** The model that made it: only vectors of the same one can be compared with it. */
	readonly versionKey: string;
}

export interface SearchDeps {
	readonly db: Pick<DbClient, 'search' | 'relatedNotes'>;
	/** The query as a vector, or null while no model can answer. Never rejects. */
	readonly embedQuery: (text: string) => Promise<QueryVector | null>;
	/** Version key of the running model, whose vectors alone count. */
	readonly versionKey: () => string | null;
	/** Told of every answer, for the metrics. */
	readonly record: (mode: SearchMode, tookMs: number, results: number) => void;
	readonly now: () => number;
}

const rememberedQueries = 64;

export const createSearchService = (deps: SearchDeps): SearchService => {
	const { db, embedQuery, versionKey, record, now } = deps;
	const vectorByText = new Map<string, QueryVector>();

	/** What another model made of the same words is of no use any more. */
	const known = (text: string): QueryVector | null => {
		const found = vectorByText.get(text);
		return found?.versionKey === versionKey() ? (found ?? null) : null;
	};

	const toVector = async (text: string): Promise<QueryVector | null> => {
		const before = known(text);
		if (before) return before;
		const vector = await embedQuery(text);
		if (vector) remember(vectorByText, text, vector);
		return vector;
	};

	return {
		async search(text, { mode, limit, tag, wordsFirst = false }) {
			const startedAt = now();
			const query = text.trim();
			const made = mode === 'keyword' ? null : wordsFirst ? known(query) : await toVector(query);
			const isModelGone = !made && !wordsFirst && versionKey() === null;
			const response = await db.search({
				text: query,
				// A query that the running model cannot read finds nothing by meaning, and not by words.
				mode: isModelGone ? 'keyword' : mode,
				limit,
				vector: made?.vector ?? null,
				...(made ? { versionKey: made.versionKey } : {}),
				...(tag ? { tag } : {})
			});
			const tookMs = now() - startedAt;
			record(response.mode, tookMs, response.results.length);
			return { ...response, tookMs };
		},
		related: async (noteId, limit) => db.relatedNotes(noteId, limit)
	};
};

/** Keeps the newest queries only: people go back and forth while they type. */
const remember = (
	vectorByText: Map<string, QueryVector>,
	text: string,
	vector: QueryVector
): void => {
	vectorByText.set(text, vector);
	const oldest = vectorByText.keys().next();
	if (vectorByText.size > rememberedQueries && !oldest.done) vectorByText.delete(oldest.value);
};
