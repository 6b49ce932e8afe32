export type SearchMode = 'hybrid' | 'keyword' | 'semantic';

export interface SearchRequest {
	readonly text: string;
	readonly mode: SearchMode;
	readonly limit: number;
	readonly tag?: string;
	/** The query as a unit vector; null when no model is ready. */
	readonly vector: Float32Array | null;
	/** Share of meaning to try in a hybrid search, instead of the notebook's own: for measuring. */
	readonly meaningWeight?: number;
	/** Version key of the model that made it, whose set is searched. Without: the active model. */
	readonly versionKey?: string;
}

/** A stretch of a passage to show. `mark` tells the words that were found. */
export interface SnippetPart {
	readonly text: string;
	readonly mark: boolean;
}

export interface SearchResult {
	readonly noteId: string;
	readonly title: string;
	readonly tags: readonly string[];
	/** Folder it was imported from, or empty. */
	readonly path: string;
	readonly updatedAtMs: number;
	readonly snippet: readonly SnippetPart[];
	readonly score: number;
	/** 1 is best; null when that side did not find it. */
	readonly keywordRank: number | null;
	readonly semanticRank: number | null;
	/** Cosine of the best passage, or null. */
	readonly similarity: number | null;
	/** Why it is here. */
	readonly why: 'words' | 'meaning' | 'both';
}

/** How much of the notebook a meaning search has seen. Notes in the trash do not count. */
export interface Coverage {
	readonly indexedNotes: number;
	/** Notes that have something to index. */
	readonly indexableNotes: number;
}

export interface SearchResponse {
	readonly results: readonly SearchResult[];
	readonly coverage: Coverage;
	/** What was really run: `keyword` when meaning was asked for and no model could answer. */
	readonly mode: SearchMode;
	readonly tookMs: number;
}

export interface RelatedNote {
	readonly noteId: string;
	readonly title: string;
	readonly excerpt: string;
	readonly similarity: number;
}
