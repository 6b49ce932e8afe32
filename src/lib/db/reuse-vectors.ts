import type { NotePutBack } from '$lib/domain/backup-look';
import type { PassageVector } from '$lib/protocol/index-queue-api';
import type { BackedUpNote } from './maintenance/look-into';
import type { NotebookCore } from './notebook-core';

/**
 * Takes the vectors of a backup over for the passages that were just put back: the same text and the
 * same model, so they need not be made again. A passage without one stays queued.
 */
export const reuseVectors = async (
	{ db, indexing }: Pick<NotebookCore, 'db' | 'indexing'>,
	put: readonly NotePutBack[],
	found: readonly BackedUpNote[]
): Promise<void> => {
	const key = indexing.activeKey();
	const reused = put.flatMap(({ id }, index): PassageVector[] => {
		const vectorByHash = new Map(found[index]?.vectors.map(({ hash, vector }) => [hash, vector]));
		if (vectorByHash.size === 0) return [];
		return db
			.all<{ id: number; hash: string }>(selectBare, { $id: id, $model: key })
			.flatMap(({ id: chunkId, hash }) => {
				const vector = vectorByHash.get(hash);
				return vector ? [{ chunkId, hash, vector: toNumbers(vector) }] : [];
			});
	});
	if (reused.length > 0) await indexing.saveVectors(key, reused);
};

const toNumbers = (blob: Uint8Array): Float32Array =>
	new Float32Array(blob.slice().buffer, 0, Math.floor(blob.byteLength / 4));

const selectBare = `
	SELECT chunks.id, chunks.hash FROM chunks JOIN notes ON notes.seq = note_seq
	WHERE notes.id = $id AND NOT EXISTS
		(SELECT 1 FROM chunk_vectors WHERE chunk_id = chunks.id AND model_id = $model)`;
