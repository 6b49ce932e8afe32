import { findVectorProblem } from '$lib/domain/index-rules';
import type { VectorSlot } from '$lib/domain/vector-set';
import type { PassageVector } from '$lib/protocol/index-queue-api';
import type { IndexJobs } from './index-jobs';
import type { VectorRepository } from './repositories/vector-repository';
import type { Database } from './sqlite/database';
import { keyOf, versionOf, type ActiveModel, type Queues } from './vector-slots';

export interface SaveVectorsDeps {
	readonly db: Database;
	readonly queues: Queues;
	readonly jobs: IndexJobs;
	readonly vectors: VectorRepository;
	readonly model: ActiveModel;
}

export interface SavedVector {
	readonly chunkId: number;
	/** Null when the note is in the trash: its vectors are kept on disk only. */
	readonly seq: number | null;
	readonly vector: Float32Array;
}

/** In one transaction: what still has its text and is of use goes into the set and out of its queue. */
export const saveVectors = (
	{ db, queues, jobs, vectors, model }: SaveVectorsDeps,
	slot: VectorSlot,
	fresh: readonly PassageVector[]
): readonly SavedVector[] =>
	db.transaction(() => {
		const queue = queues[slot];
		const dimensions = versionOf(model, slot)?.dimensions ?? 0;
		const saved = fresh.flatMap(({ chunkId, hash, vector }): SavedVector[] => {
			if (!queue.isCurrent(chunkId, hash)) return [];
			const problem = findVectorProblem(vector, dimensions);
			if (problem) {
				queue.strike(chunkId, `The model gave a vector that is of no use (${problem}).`);
				return [];
			}
			vectors.save(chunkId, keyOf(model, slot), vector);
			queue.remove(chunkId);
			return [{ chunkId, seq: queue.liveNoteOf(chunkId), vector }];
		});
		jobs.addWork(slot);
		jobs.endWhenDone();
		return saved;
	});
