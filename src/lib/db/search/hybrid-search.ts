import { fuse, trustInWords, type Fused } from '$lib/domain/rank-fusion';
import type {
	Coverage,
	SearchMode,
	SearchRequest,
	SearchResponse,
	SearchResult
} from '$lib/domain/search';
import { parseQuery, type SearchQuery } from '$lib/domain/search-query';
import type { Clock } from '$lib/shared/time';
import type { Database } from '$lib/db/sqlite/database';
import { findByWords, type KeywordFinding } from './keyword-search';
import { readHitNote, readSnippet } from './search-hits';
import type { VectorIndex } from './vector-index';
import type { NoteHit } from './vector-scan';

export interface SearchDeps {
	readonly db: Database;
	readonly vectors: VectorIndex;
	readonly meaningWeight: () => number;
	/** Cosine below which a note found by meaning alone is chance. */
	readonly similarityFloor: () => number;
	/** The query as the model should hear it, given how far its words are trusted. */
	readonly stress: (vector: Float32Array, trustInWords: number) => Float32Array;
	readonly coverage: () => Coverage;
	readonly now: Clock;
}

/** How deep each side looks before the two are put together. */
const depth = 200;

export const search = (deps: SearchDeps, request: SearchRequest): SearchResponse => {
	const startedAt = deps.now();
	const mode = request.vector === null && request.mode === 'hybrid' ? 'keyword' : request.mode;
	const coverage = deps.coverage();
	const counted = { ...deps, coverage: () => coverage };
	const results = request.text.trim() === '' ? [] : find(counted, request, mode);
	return { results, coverage, mode, tookMs: deps.now() - startedAt };
};

const noWords: KeywordFinding = { ranked: [], evidence: () => 0, expression: null };

const find = (
	deps: SearchDeps,
	request: SearchRequest,
	mode: SearchMode
): readonly SearchResult[] => {
	const query = parseQuery(request.text);
	const words = mode === 'semantic' ? noWords : findWords(deps, request, query);
	const evidence = mode === 'hybrid' && words.ranked.length > 0 ? words.evidence() : 0;
	const meaning = mode === 'keyword' ? [] : findMeaning(deps, request, trustInWords(evidence));
	const hitBySeq = new Map(meaning.map((hit) => [hit.seq, hit]));
	// Measured on queries without their words; with them the model hears louder words, at other cosines.
	const floor = words.ranked.length === 0 ? deps.similarityFloor() : 0;
	return rank(deps, request, { words, evidence, meaning })
		.slice(0, Math.max(0, request.limit))
		.flatMap((fused) => {
			const hit = hitBySeq.get(fused.seq) ?? null;
			return toResult(deps.db, { fused, hit, words, query, floor });
		});
};

const findWords = (
	{ db }: SearchDeps,
	{ tag, limit }: SearchRequest,
	query: SearchQuery
): KeywordFinding =>
	findByWords(db, { query, tag: tag ?? null, depth: Math.max(depth, limit), enough: limit });

const findMeaning = (
	{ db, vectors, stress }: SearchDeps,
	{ vector, tag, limit }: SearchRequest,
	trust: number
): readonly NoteHit[] => {
	if (vector === null) return [];
	return vectors.nearest(
		stress(vector, trust),
		Math.max(depth, limit),
		tag === undefined ? undefined : having(db, tag)
	);
};

const having = (db: Database, tag: string): ((seq: number) => boolean) => {
	const rows = db.all<{ seq: number }>('SELECT note_seq AS seq FROM note_tags WHERE tag = $tag', {
		$tag: tag
	});
	const seqs = new Set(rows.map(({ seq }) => seq));
	return (seq) => seqs.has(seq);
};

interface Findings {
	readonly words: KeywordFinding;
	readonly evidence: number;
	readonly meaning: readonly NoteHit[];
}

const rank = (
	deps: SearchDeps,
	{ meaningWeight }: SearchRequest,
	{ words, evidence, meaning }: Findings
): readonly Fused[] => {
	const isMixed = words.ranked.length > 0 && meaning.length > 0;
	return fuse({
		keyword: words.ranked,
		semantic: meaning.map(({ seq, similarity }) => ({ seq, score: similarity })),
		meaningWeight: meaningWeight ?? deps.meaningWeight(),
		wordEvidence: isMixed ? evidence : 1,
		meaningCoverage: isMixed ? shareOf(deps.coverage()) : 1
	});
};

const shareOf = ({ indexedNotes, indexableNotes }: Coverage): number =>
	indexableNotes > 0 ? indexedNotes / indexableNotes : 1;

interface Found {
	readonly fused: Fused;
	readonly hit: NoteHit | null;
	readonly words: KeywordFinding;
	readonly query: SearchQuery;
	readonly floor: number;
}

/** Below this place between the nearest and the farthest, meaning is no reason to show a note. */
const closeEnough = 0.5;

const toResult = (db: Database, found: Found): readonly SearchResult[] => {
	const { fused, hit, words, query, floor } = found;
	const note = readHitNote(db, fused.seq);
	const byWords = fused.keywordRank !== null;
	if (!note || (!byWords && (hit?.similarity ?? 0) <= floor)) return [];
	const snippet = readSnippet(db, {
		seq: fused.seq,
		title: note.title,
		expression: byWords ? words.expression : null,
		pieces: byWords ? query.pieces : [],
		chunkId: hit?.chunkId ?? null
	});
	return [
		{
			...note,
			snippet,
			score: fused.score,
			keywordRank: fused.keywordRank,
			semanticRank: fused.semanticRank,
			similarity: hit?.similarity ?? null,
			why: reason(byWords, fused.closeness)
		}
	];
};

const reason = (byWords: boolean, closeness: number | null): SearchResult['why'] => {
	if (!byWords) return 'meaning';
	return closeness !== null && closeness >= closeEnough ? 'both' : 'words';
};
