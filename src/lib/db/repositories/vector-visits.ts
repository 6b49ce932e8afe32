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
		const rows = db.all<VectorRow>(selectSlice, { $chunk: last.chunk_id, $model: last.model_id });
		for (const row of rows) visit(toVisited(row));
		visited += rows.length;
		const end = rows.at(-1);
		if (!end) return visited;
		last = end;
		await pause();
	}
};

/** The same row as it is now, or null when it is gone. */
export const visitAgain = (
	db: Database,
	{ chunkId, modelKey }: Pick<VisitedVector, 'chunkId' | 'modelKey'>
): VisitedVector | null => {
	const row = db.get<VectorRow>(selectOne, { $chunk: chunkId, $model: modelKey });
	return row ? toVisited(row) : null;
};

interface VectorRow {
	readonly chunk_id: number;
	readonly model_id: string;
	readonly vector: Uint8Array;
	readonly hash: string | null;
}

const toVisited = ({ chunk_id, model_id, vector, hash }: VectorRow): VisitedVector => ({
	...{ chunkId: chunk_id, modelKey: model_id, bytes: vector, hash }
});

const selectVectors = `
	SELECT v.chunk_id, v.model_id, v.vector, c.hash FROM chunk_vectors v
	LEFT JOIN chunks c ON c.id = v.chunk_id`;

const selectOne = `${selectVectors} WHERE v.chunk_id = $chunk AND v.model_id = $model`;

const selectSlice = `${selectVectors}
	WHERE (v.chunk_id, v.model_id) > ($chunk, $model)
	ORDER BY v.chunk_id, v.model_id LIMIT ${rowsPerSlice}`;
