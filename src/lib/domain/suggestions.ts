import { tagKey } from './note-text';

/** To compare every note with every other takes the square of their number. The newest go first. */
export const mostCompared = 10_000;

/** At least so alike are two notes that are proposed as one. */
export const duplicateThresholds = ['0.9', '0.95', '0.98'] as const;

export interface SuggestRequest {
	/** Lowest cosine of two notes that count as nearly the same. */
	readonly threshold: number;
	/** Pairs, and notes with tags, that are listed at most. */
	readonly limit: number;
}

export interface SuggestedNote {
	readonly noteId: string;
	readonly title: string;
}

export interface DuplicatePair {
	readonly a: SuggestedNote;
	readonly b: SuggestedNote;
	readonly similarity: number;
}

export interface TagProposal {
	readonly tag: string;
	/** How much of the neighbourhood has it, by nearness: from 0 to 1. */
	readonly share: number;
}

/** What the vectors propose, and how much of the notebook was looked at. */
export interface Suggestions {
	readonly model: string;
	/** Notes outside the trash. */
	readonly total: number;
	/** Those with vectors; the others have no suggestions. */
	readonly embedded: number;
	readonly compared: number;
	/** Most alike first. */
	readonly pairs: readonly DuplicatePair[];
	readonly tags: readonly (SuggestedNote & { readonly tags: readonly TagProposal[] })[];
}

export interface TaggedNeighbour {
	readonly tags: readonly string[];
	readonly similarity: number;
}

const leastShare = 0.5;
const leastNeighbours = 2;
const mostTags = 3;

/**
 * Tags that at least half of the neighbourhood has and the note has not, in any spelling; the surest
 * first, each as its first neighbour spells it.
 */
export const proposeTags = (
	own: readonly string[],
	neighbours: readonly TaggedNeighbour[]
): readonly TagProposal[] => {
	const whole = neighbours.reduce((sum, { similarity }) => sum + similarity, 0);
	const has = new Set(own.map(tagKey));
	const found = new Map<string, { tag: string; weight: number; notes: number }>();
	for (const { tags, similarity } of neighbours) {
		for (const spelled of tags) {
			const key = tagKey(spelled);
			const { tag, weight, notes } = found.get(key) ?? { tag: spelled, weight: 0, notes: 0 };
			found.set(key, { tag, weight: weight + similarity, notes: notes + 1 });
		}
	}
	return [...found]
		.filter(([key, { notes }]) => notes >= leastNeighbours && !has.has(key))
		.map(([, { tag, weight }]) => ({ tag, share: weight / whole }))
		.filter(({ share }) => share >= leastShare)
		.sort((a, b) => b.share - a.share || a.tag.localeCompare(b.tag))
		.slice(0, mostTags);
};
