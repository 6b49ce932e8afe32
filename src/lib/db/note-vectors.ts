import { findVectorProblem } from '$lib/domain/index-rules';
import type { EmbeddedRows, NoteVectors } from '$lib/domain/note-map';
import { meanVector } from '$lib/domain/vector';
import { toTags } from './repositories/note-row';
import type { VectorRepository } from './repositories/vector-repository';
import type { Database } from './sqlite/database';
import { keyOf, type ActiveModel } from './vector-slots';

/** One vector for each note: the middle of its passages. */
export interface NoteVectorReader {
	/** Notes outside the trash that have a vector of the active model. */
	list(): EmbeddedRows;
	/** In the order given; notes that went meanwhile, or whose vectors are of no use, are left out. */
	read(seqs: readonly number[]): NoteVectors;
}

export const createNoteVectors = (
	db: Database,
	vectors: VectorRepository,
	model: ActiveModel
): NoteVectorReader => {
	const middleOf = (seq: number, dimensions: number): Float32Array | null => {
		const sound = vectors
			.ofNote(seq, keyOf(model))
			.map(({ vector }) => vector)
			.filter((vector) => findVectorProblem(vector, dimensions) === null);
		const middle = meanVector(sound);
		return sound.length > 0 && findVectorProblem(middle, dimensions) === null ? middle : null;
	};
	return {
		list: () => ({
			model: keyOf(model),
			dimensions: model.version?.dimensions ?? 0,
			seqs: db.all<{ seq: number }>(selectEmbedded, { $model: keyOf(model) }).map(({ seq }) => seq)
		}),
		read(seqs) {
			const dimensions = model.version?.dimensions ?? 0;
			const found = seqs.flatMap((seq) => {
				const row = db.get<NoteRow>(selectNote, { $seq: seq });
				const middle = row && middleOf(seq, dimensions);
				return middle ? [{ ...row, tags: toTags(row.tags), middle }] : [];
			});
			const values = new Float32Array(found.length * dimensions);
			found.forEach(({ middle }, index) => values.set(middle, index * dimensions));
			return { notes: found.map(({ id, title, tags }) => ({ id, title, tags })), values };
		}
	};
};

interface NoteRow {
	readonly id: string;
	readonly title: string;
	readonly tags: string;
}

const selectEmbedded = `
	SELECT DISTINCT n.seq FROM chunk_vectors v JOIN chunks c ON c.id = v.chunk_id
	JOIN notes n ON n.seq = c.note_seq
	WHERE v.model_id = $model AND n.trashed_at IS NULL ORDER BY n.seq`;

const selectNote = 'SELECT id, title, tags FROM notes WHERE seq = $seq AND trashed_at IS NULL';
