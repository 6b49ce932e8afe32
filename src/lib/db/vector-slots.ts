import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import type { VectorSlot } from '$lib/domain/vector-set';
import type { IndexQueueRepository } from './repositories/index-queue-repository';

/** The models of the notebook, shared with the repositories that ask for them. */
export interface ActiveModel {
	/** Whose vectors answer searches. */
	version: EmbeddingVersion | null;
	/** Whose vectors are being made beside them, while the model is being changed. */
	next: EmbeddingVersion | null;
}

export type Queues = Readonly<Record<VectorSlot, IndexQueueRepository>>;

export const versionOf = (model: ActiveModel, slot: VectorSlot): EmbeddingVersion | null =>
	slot === 'active' ? model.version : model.next;

/** Version key of the model of a set; empty when it has none. */
export const keyOf = (model: ActiveModel, slot: VectorSlot = 'active'): string => {
	const version = versionOf(model, slot);
	return version ? toVersionKey(version) : '';
};

/** The set that vectors of this version go into, or null when nobody wants them. */
export const slotOfKey = (model: ActiveModel, versionKey: string): VectorSlot | null => {
	if (versionKey === '') return null;
	if (versionKey === keyOf(model, 'active')) return 'active';
	return versionKey === keyOf(model, 'next') ? 'next' : null;
};
