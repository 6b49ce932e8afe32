import { excerptOf, openingLength } from '$lib/domain/note-opening';
import type { RelatedNote } from '$lib/domain/search';
import { normalise } from '$lib/domain/vector';
import type { NoteVector } from '$lib/db/repositories/vector-repository';
import type { Database } from '$lib/db/sqlite/database';
import type { VectorIndex } from './vector-index';

export interface RelatedRequest {
	readonly seq: number;
	/** The note's own vectors. */
	readonly own: readonly NoteVector[];
	readonly limit: number;
}

/** Notes whose best passage is nearest to what this note is about as a whole. */
export const findRelated = (
	db: Database,
	vectors: VectorIndex,
	{ seq, own, limit }: RelatedRequest
): readonly RelatedNote[] => {
	const [first] = own;
	if (!first) return [];
	return vectors
		.nearest(meanOf(first.vector.length, own), limit, (other) => other !== seq)
		.flatMap((hit) => {
			const row = db.get<{ id: string; title: string; beginning: string }>(selectNote, {
				$seq: hit.seq
			});
			if (!row) return [];
			const { id, title, beginning } = row;
			return [
				{ noteId: id, title, excerpt: excerptOf(title, beginning), similarity: hit.similarity }
			];
		});
};

const meanOf = (dimensions: number, own: readonly NoteVector[]): Float32Array => {
	const sum = new Float32Array(dimensions);
	for (const { vector } of own) {
		if (vector.length !== dimensions) continue;
		for (let i = 0; i < dimensions; i += 1) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
	}
	return normalise(sum);
};

const selectNote = `
	SELECT id, title, substr(body, 1, ${openingLength}) AS beginning FROM notes
	WHERE seq = $seq AND trashed_at IS NULL`;
