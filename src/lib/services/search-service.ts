import type { RelatedNote, SearchMode, SearchResponse } from '$lib/domain/search';

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
