import { seededNumbers, shuffled } from '$lib/shared/seeded-numbers';

/** More points are a cloud in which nothing is found, and take minutes to place. */
export const mostOnMap = 10_000;

/** Tags that have a colour of their own. */
export const mostColours = 8;

/** Notes that have vectors of the active model, by row number. */
export interface EmbeddedRows {
	/** Version key of that model; empty before the first one. */
	readonly model: string;
	readonly dimensions: number;
	readonly seqs: readonly number[];
}

/** Some of these notes, each with the middle of its passages: `dimensions` numbers a note. */
export interface NoteVectors {
	readonly notes: readonly Omit<MappedNote, 'x' | 'y'>[];
	readonly values: Float32Array;
}

export interface MappedNote {
	readonly id: string;
	readonly title: string;
	readonly tags: readonly string[];
	/** From 0 to 1. */
	readonly x: number;
	readonly y: number;
}

export interface NoteMap {
	readonly model: string;
	readonly notes: readonly MappedNote[];
	/** Notes with vectors. */
	readonly embedded: number;
	/** They are too many, and chance has chosen those that are shown. */
	readonly isSample: boolean;
	/** It was laid out before, from the same vectors. */
	readonly wasKept: boolean;
}

/** At most so many of them in their order, chosen by chance: the same for the same seed. */
export const sampleOf = (
	seqs: readonly number[],
	most: number,
	seed: number
): readonly number[] => {
	if (seqs.length <= most) return seqs;
	const chosen: number[] = [];
	for (const seq of shuffled(seqs, seededNumbers(seed))) {
		if (chosen.length === most) break;
		chosen.push(seq);
	}
	return chosen.sort((a, b) => a - b);
};

/** The commonest tags, the commonest first. */
export const legendOf = (
	notes: readonly Pick<MappedNote, 'tags'>[]
): readonly { readonly tag: string; readonly notes: number }[] => {
	const count = new Map<string, number>();
	for (const { tags } of notes) {
		for (const tag of tags) count.set(tag, (count.get(tag) ?? 0) + 1);
	}
	return [...count]
		.sort(([a, some], [b, others]) => others - some || a.localeCompare(b))
		.slice(0, mostColours)
		.map(([tag, notesWithIt]) => ({ tag, notes: notesWithIt }));
};

/** The place in the legend of the rarest of its tags that stand there; -1 for none. */
export const colourOf = ({ tags }: Pick<MappedNote, 'tags'>, legend: readonly string[]): number =>
	Math.max(-1, ...tags.map((tag) => legend.indexOf(tag)));
