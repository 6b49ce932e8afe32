import { dimensionsOfKey } from '$lib/domain/embedding-version';
import { findVectorProblem } from '$lib/domain/index-rules';
import { excerptOf, openingLength } from '$lib/domain/note-opening';
import type { RelatedNote } from '$lib/domain/search';
import { meanVector } from '$lib/domain/vector';
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
	const dimensions = dimensionsOfKey(vectors.key ?? '') ?? 0;
	const sound = own
		.map(({ vector }) => vector)
		.filter((vector) => !findVectorProblem(vector, dimensions));
	if (sound.length === 0) return [];
	return vectors
		.nearest(meanVector(sound), limit, (other) => other !== seq)
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

const selectNote = `
	SELECT id, title, substr(body, 1, ${openingLength}) AS beginning FROM notes
	WHERE seq = $seq AND trashed_at IS NULL`;
