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

export interface SearchDeps {
	readonly db: Pick<DbClient, 'search' | 'relatedNotes'>;
	/** The query as a vector, or null while no model can answer. Never rejects. */
	readonly embedQuery: (text: string) => Promise<Float32Array | null>;
	/** Told of every answer, for the metrics. */
	readonly record: (mode: SearchMode, tookMs: number) => void;
	readonly now: () => number;
}

const rememberedQueries = 64;

export const createSearchService = ({ db, embedQuery, record, now }: SearchDeps): SearchService => {
	const vectorByText = new Map<string, Float32Array>();

	const toVector = async (text: string): Promise<Float32Array | null> => {
		const known = vectorByText.get(text);
		if (known) return known;
		const vector = await embedQuery(text);
		if (vector) remember(vectorByText, text, vector);
		return vector;
	};

	return {
		async search(text, { mode, limit, tag, wordsFirst = false }) {
			const startedAt = now();
			const query = text.trim();
			const vector =
				mode === 'keyword'
					? null
					: wordsFirst
						? (vectorByText.get(query) ?? null)
						: await toVector(query);
			const response = await db.search({
				text: query,
				mode,
				limit,
				vector,
				...(tag ? { tag } : {})
			});
			const tookMs = now() - startedAt;
			record(response.mode, tookMs);
			return { ...response, tookMs };
		},
		related: async (noteId, limit) => db.relatedNotes(noteId, limit)
	};
};

/** Keeps the newest queries only: people go back and forth while they type. */
const remember = (
	vectorByText: Map<string, Float32Array>,
	text: string,
	vector: Float32Array
): void => {
	vectorByText.set(text, vector);
	const oldest = vectorByText.keys().next();
	if (vectorByText.size > rememberedQueries && !oldest.done) vectorByText.delete(oldest.value);
};
