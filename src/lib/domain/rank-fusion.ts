/** A note as one side of the search found it. Higher is better. */
export interface Ranked {
	readonly seq: number;
	readonly score: number;
}

export interface Fused {
	readonly seq: number;
	readonly score: number;
	/** 1 is best; null when that side did not find it. */
	readonly keywordRank: number | null;
	readonly semanticRank: number | null;
	/** Where the note stands among what meaning found, 0 to 1; null when it did not find it. */
	readonly closeness: number | null;
}

export interface FusionInput {
	/** Best first, all scores above 0. */
	readonly keyword: readonly Ranked[];
	/** Best first: cosines. */
	readonly semantic: readonly Ranked[];
	/** Share of meaning when the words are trusted, 0 to 1: it belongs to the model. */
	readonly meaningWeight: number;
	/** How well the best note found by words answers the query, 0 to 1: see `wordEvidence`. */
	readonly wordEvidence: number;
	/** Share of the notes that meaning has seen, 0 to 1: it cannot overrule words about the others. */
	readonly meaningCoverage: number;
}

/**
 * Convex combination of both sides, PERFORMANCE.md section 10: words by their share of the best
 * score, meaning by its place between the worst and the best cosine. [Note: Trust in words]
 * Dividing by the best score hides how bad the best is: one note with "fix" would win "fix my bike"
 * over a note on bicycles. So the weight of words falls with what their best note tells of the query, and meaning decides where words have found next to nothing.
 */
export const fuse = (input: FusionInput): readonly Fused[] => {
	const { keyword, semantic } = input;
	const wordWeight = weightOfWords(input);
	const wordsBySeq = new Map(shareOfBest(keyword).map((entry) => [entry.seq, entry]));
	const meaningBySeq = new Map(minMax(semantic).map((entry) => [entry.seq, entry]));
	const all = new Set([...wordsBySeq.keys(), ...meaningBySeq.keys()]);
	return [...all]
		.map((seq) => combine(seq, wordWeight, wordsBySeq.get(seq), meaningBySeq.get(seq)))
		.sort(byScore);
};

const weightOfWords = (input: FusionInput): number => {
	if (input.semantic.length === 0) return 1;
	if (input.keyword.length === 0) return 0;
	const doubt = (1 - trustInWords(input.wordEvidence)) * input.meaningCoverage;
	return (1 - input.meaningWeight) * (1 - doubt);
};

const doubtBelow = 0.7;
const distrustBelow = 0.4;

/** 0 where words tell next to nothing of the query, 1 where they tell most of it, smooth between. */
export const trustInWords = (evidence: number): number => {
	const t = clamp((evidence - distrustBelow) / (doubtBelow - distrustBelow));
	return t * t * (3 - 2 * t);
};

/** What a word tells: much when few notes have it, next to nothing when all do. */
export const information = (notesWithIt: number, notes: number): number =>
	Math.log(1 + (Math.max(notes - notesWithIt, 0) + 0.5) / (notesWithIt + 0.5));

/** A word of the query: how much it tells, and whether the note in question has it. */
export interface WeighedWord {
	readonly information: number;
	readonly found: boolean;
}

/**
 * The share of the query's information that one note covers, 0 to 1. Each further word in the same
 * note confirms the others: two rare words together are seldom there by chance.
 */
export const wordEvidence = (words: readonly WeighedWord[]): number => {
	const total = words.reduce((sum, word) => sum + word.information, 0);
	const found = words.filter((word) => word.found);
	const share = found.reduce((sum, word) => sum + word.information, 0) / (total || 1);
	return clamp(share * (1 + (found.length - 1) / 2));
};

interface Normalised {
	readonly seq: number;
	readonly value: number;
	readonly rank: number;
}

const shareOfBest = (ranked: readonly Ranked[]): readonly Normalised[] => {
	const best = ranked[0]?.score ?? 1;
	return ranked.map(({ seq, score }, index) => ({ seq, value: score / best, rank: index + 1 }));
};

const minMax = (ranked: readonly Ranked[]): readonly Normalised[] => {
	const best = ranked[0]?.score ?? 1;
	const worst = ranked.at(-1)?.score ?? 0;
	const width = best - worst;
	return ranked.map(({ seq, score }, index) => ({
		seq,
		value: width > 0 ? (score - worst) / width : 1,
		rank: index + 1
	}));
};

const combine = (
	seq: number,
	wordWeight: number,
	words: Normalised | undefined,
	meaning: Normalised | undefined
): Fused => ({
	seq,
	score: wordWeight * (words?.value ?? 0) + (1 - wordWeight) * (meaning?.value ?? 0),
	keywordRank: words?.rank ?? null,
	semanticRank: meaning?.rank ?? null,
	closeness: meaning?.value ?? null
});

/** The order is the same on every run: equal scores go by words, then by meaning, then by age. */
const byScore = (a: Fused, b: Fused): number =>
	b.score - a.score ||
	(a.keywordRank ?? Infinity) - (b.keywordRank ?? Infinity) ||
	(a.semanticRank ?? Infinity) - (b.semanticRank ?? Infinity) ||
	a.seq - b.seq;

const clamp = (value: number): number => Math.min(Math.max(value, 0), 1);
