import { information, wordEvidence, type Ranked, type WeighedWord } from '$lib/domain/rank-fusion';
import {
	canExtend,
	matchAny,
	matchAnyPrefix,
	matchWord,
	type SearchQuery
} from '$lib/domain/search-query';
import type { Database } from '$lib/db/sqlite/database';
import { findPieces, type PieceFinding } from './piece-search';

export interface KeywordFinding {
	/** Best first, scores above 0. */
	readonly ranked: readonly Ranked[];
	/** How well the best of them answers the query: see `wordEvidence`. Costs a few look-ups. */
	readonly evidence: () => number;
	/** The FTS5 expression that found them, for the snippet; null when words played no part. */
	readonly expression: string | null;
}

export interface KeywordRequest {
	readonly query: SearchQuery;
	readonly tag: string | null;
	/** How many are wanted at most. */
	readonly depth: number;
	/** With fewer than this the last word is taken as a beginning as well. */
	readonly enough: number;
}

/** Tuned on nothing but taste so far: a word in the title says most about a note, a tag next. */
const weights = { title: 3, body: 1, tags: 2 } as const;

/** Notes outside the trash that have at least one of the words, by BM25. */
export const findByWords = (db: Database, request: KeywordRequest): KeywordFinding => {
	const { query } = request;
	const words = findWords(db, request);
	const pieces = findPieces(db, query.pieces, request.tag);
	const ranked = merge(words.ranked, pieces).slice(0, request.depth);
	const evidence = (): number => {
		const weighed = weigh(db, words);
		return ranked
			.slice(0, judgedHits)
			.reduce((best, { seq }) => Math.max(best, evidenceOf(db, weighed, pieces, seq)), 0);
	};
	return { ranked, evidence, expression: words.expression };
};

const judgedHits = 10;

interface WordFinding {
	readonly ranked: readonly Ranked[];
	readonly expression: string | null;
	/** One FTS5 expression for each word. */
	readonly wordExpressions: readonly string[];
}

const findWords = (db: Database, request: KeywordRequest): WordFinding => {
	const { words } = request.query;
	if (words.length === 0) return { ranked: [], expression: null, wordExpressions: [] };
	const exact = matchAny(words);
	const found = rank(db, exact, request);
	const wordExpressions = words.map(matchWord);
	if (found.length >= request.enough || !canExtend(request.query)) {
		return { ranked: found, expression: exact, wordExpressions };
	}
	const extended = matchAnyPrefix(words);
	return {
		ranked: append(found, rank(db, extended, request)),
		expression: extended,
		wordExpressions: [...wordExpressions.slice(0, -1), `${wordExpressions.at(-1)}*`]
	};
};

/** Exact finds first; what only begins with the last word comes after them, never above. */
const append = (exact: readonly Ranked[], extended: readonly Ranked[]): readonly Ranked[] => {
	const known = new Set(exact.map(({ seq }) => seq));
	const lowest = exact.at(-1)?.score ?? Infinity;
	const further = extended
		.filter(({ seq }) => !known.has(seq))
		.map(({ seq, score }) => ({ seq, score: Math.min(score, lowest) }));
	return [...exact, ...further];
};

const rank = (
	db: Database,
	expression: string,
	{ tag, depth }: KeywordRequest
): readonly Ranked[] =>
	db.all<Ranked>(tag === null ? selectRanked : selectRankedInTag, {
		$match: expression,
		$depth: depth,
		...(tag === null ? {} : { $tag: tag })
	});

interface Weighed {
	readonly expression: string;
	readonly information: number;
}

const weigh = (db: Database, { wordExpressions }: WordFinding): readonly Weighed[] => {
	const notes = countRows(db);
	return wordExpressions.map((expression) => {
		const having = db.get<{ notes: number }>(countMatches, { $match: expression })?.notes ?? 0;
		return { expression, information: information(having, notes) };
	});
};

const evidenceOf = (
	db: Database,
	weighed: readonly Weighed[],
	pieces: PieceFinding,
	seq: number
): number => {
	const words: readonly WeighedWord[] = weighed.map(({ expression, information }) => ({
		information,
		found: db.get(selectMatch, { $match: expression, $seq: seq }) !== undefined
	}));
	const sought: readonly WeighedWord[] = [...pieces.informationByPiece].map(
		([piece, information]) => ({
			information,
			found: pieces.piecesBySeq.get(seq)?.has(piece) ?? false
		})
	);
	return wordEvidence([...words, ...sought]);
};

const merge = (words: readonly Ranked[], { ranked }: PieceFinding): readonly Ranked[] => {
	if (ranked.length === 0) return words;
	const scores = new Map(words.map(({ seq, score }) => [seq, score]));
	for (const { seq, score } of ranked) scores.set(seq, (scores.get(seq) ?? 0) + score);
	return [...scores]
		.map(([seq, score]) => ({ seq, score }))
		.sort((a, b) => b.score - a.score || a.seq - b.seq);
};

const countRows = (db: Database): number =>
	db.get<{ notes: number }>('SELECT count(*) AS notes FROM notes')?.notes ?? 0;

// FTS5 hands out its rows in order of rank, so the join reads notes only until enough are found.
const ranking = `bm25(${weights.title}.0, ${weights.body}.0, ${weights.tags}.0)`;

const selectBy = (condition: string): string => `
	SELECT n.seq, -f.rank AS score FROM notes_fts f
	CROSS JOIN notes n ON n.seq = f.rowid
	WHERE f.notes_fts MATCH $match AND f.rank MATCH '${ranking}' AND n.trashed_at IS NULL ${condition}
	ORDER BY f.rank LIMIT $depth`;

const selectRanked = selectBy('');
const selectRankedInTag = selectBy(
	'AND EXISTS (SELECT 1 FROM note_tags WHERE tag = $tag AND note_seq = n.seq)'
);

const countMatches = 'SELECT count(*) AS notes FROM notes_fts WHERE notes_fts MATCH $match';

const selectMatch =
	'SELECT 1 AS found FROM notes_fts WHERE notes_fts MATCH $match AND rowid = $seq';
