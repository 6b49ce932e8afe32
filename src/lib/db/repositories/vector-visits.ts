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

export const removeVector = (
	db: Database,
	{ chunkId, modelKey }: Pick<VisitedVector, 'chunkId' | 'modelKey'>
): void => {
	db.run('DELETE FROM chunk_vectors WHERE chunk_id = $chunk AND model_id = $model', {
		$chunk: chunkId,
		$model: modelKey
	});
};

/** Passages outside the trash that have a vector of this model, in their order. */
export const liveChunks = (db: Database, modelKey: string): readonly number[] =>
	db.all<{ id: number }>(selectLive, { $model: modelKey }).map(({ id }) => id);

/** A passage as it was embedded: its note, where it stands in it, and its vector. */
export interface EmbeddedPassage {
	readonly note_id: string;
	readonly title: string;
	readonly body: string;
	readonly start_offset: number;
	readonly end_offset: number;
	readonly vector: Uint8Array;
}

export const embeddedPassage = (
	db: Database,
	modelKey: string,
	chunkId: number
): EmbeddedPassage | null =>
	db.get<EmbeddedPassage>(selectPassage, { $chunk: chunkId, $model: modelKey }) ?? null;

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

const selectLive = `
	SELECT c.id FROM chunk_vectors v JOIN chunks c ON c.id = v.chunk_id
	JOIN notes n ON n.seq = c.note_seq
	WHERE v.model_id = $model AND n.trashed_at IS NULL ORDER BY c.id`;

const selectPassage = `
	SELECT n.id AS note_id, n.title, n.body, c.start_offset, c.end_offset, v.vector
	FROM chunk_vectors v JOIN chunks c ON c.id = v.chunk_id JOIN notes n ON n.seq = c.note_seq
	WHERE c.id = $chunk AND v.model_id = $model`;
