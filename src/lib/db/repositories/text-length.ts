import { longestRead } from '$lib/domain/reading-limits';

/** What decides how long a text is as JavaScript counts: SQLite counts an emoji once, the rules twice. */
export interface TextLength {
	readonly length: number;
	/** The text itself where both counts lie on two sides of the limit. */
	readonly doubtful: string | null;
}

export const lengthColumns = `
	length(body) AS length,
	CASE WHEN length(body) <= ${longestRead} AND 2 * length(body) > ${longestRead} THEN body END AS doubtful`;

/** In UTF-16 units, or on the same side of the limit as those. */
export const lengthOf = ({ length, doubtful }: TextLength): number => doubtful?.length ?? length;
