import type { Database } from '$lib/db/sqlite/database';

export interface VisitedVector {
	readonly chunkId: number;
	readonly modelKey: string;
	readonly bytes: Uint8Array;
	/** Hash of the text of its passage; null when there is no such passage. */
	readonly hash: string | null;
}

export interface VisitDeps {
	readonly db: Database;
	readonly pause: () => Promise<void>;
}

const rowsPerSlice = 500;

/** Every stored vector of every set, in slices; resolves to how many there were. */
export const visitVectors = async (
	{ db, pause }: VisitDeps,
	visit: (row: VisitedVector) => void
): Promise<number> => {
	let last = { chunk_id: -1, model_id: '' };
	for (let visited = 0; ;) {
		const rows = db.all<{
			chunk_id: number;
			model_id: string;
			vector: Uint8Array;
			hash: string | null;
		}>(selectSlice, { $chunk: last.chunk_id, $model: last.model_id });
		for (const { chunk_id, model_id, vector, hash } of rows) {
			visit({ chunkId: chunk_id, modelKey: model_id, bytes: vector, hash });
		}
		visited += rows.length;
		const end = rows.at(-1);
		if (!end) return visited;
		last = end;
		await pause();
	}
};

const selectSlice = `
	SELECT v.chunk_id, v.model_id, v.vector, c.hash FROM chunk_vectors v
	LEFT JOIN chunks c ON c.id = v.chunk_id
	WHERE (v.chunk_id, v.model_id) > ($chunk, $model)
	ORDER BY v.chunk_id, v.model_id LIMIT ${rowsPerSlice}`;
