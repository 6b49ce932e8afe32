import { toBlob } from '$lib/domain/vector';
import type { Database } from '$lib/db/sqlite/database';

export interface StoredVector {
	readonly chunkId: number;
	readonly seq: number;
	/** As it lies on disk: whoever reads it checks its length and numbers. */
	readonly vector: Float32Array;
}

export interface NoteVector {
	readonly chunkId: number;
	readonly start: number;
	readonly end: number;
	readonly vector: Float32Array;
}

export interface NotePassage {
	readonly chunkId: number;
	readonly ordinal: number;
	readonly start: number;
	readonly end: number;
	readonly vector: Float32Array | null;
}

export interface VectorRepository {
	/**
	 * The vector of one passage. Those that another version of the same model made go with it; those of
	 * other models stay: they are a set of their own.
	 */
	save(chunkId: number, modelKey: string, vector: Float32Array): void;
	/** In order of passage after `afterChunkId`, trash left out. */
	readSlice(modelKey: string, afterChunkId: number, limit: number): readonly StoredVector[];
	ofNote(seq: number, modelKey: string): readonly NoteVector[];
	/** Every passage of a note in order, with its vector of this model or null. */
	passagesOf(seq: number, modelKey: string): readonly NotePassage[];
	/** How many vectors there are of each model, and their bytes. */
	sets(): readonly { readonly key: string; readonly vectors: number; readonly bytes: number }[];
	/** Removes up to `limit` vectors of this model; resolves to how many went. */
	removeSome(modelKey: string, limit: number): number;
}

interface VectorRow {
	readonly id: number;
	readonly note_seq: number;
	readonly start_offset: number;
	readonly end_offset: number;
	readonly vector: Uint8Array;
}

export const createVectorRepository = (db: Database): VectorRepository => ({
	save(chunkId, modelKey, vector) {
		const place = { $chunk: chunkId, $model: modelKey };
		db.run(deleteOlder, { ...place, $prefix: modelPrefix(modelKey) });
		db.run(upsert, { ...place, $vector: toBlob(vector) });
	},
	readSlice: (modelKey, afterChunkId, limit) =>
		db
			.all<VectorRow>(selectSlice, { $model: modelKey, $after: afterChunkId, $limit: limit })
			.map(({ id, note_seq, vector }) => ({ chunkId: id, seq: note_seq, vector: read(vector) })),
	ofNote: (seq, modelKey) =>
		db.all<VectorRow>(selectOfNote, { $seq: seq, $model: modelKey }).map((row) => ({
			chunkId: row.id,
			start: row.start_offset,
			end: row.end_offset,
			vector: read(row.vector)
		})),
	passagesOf: (seq, modelKey) =>
		db.all<PassageRow>(selectPassages, { $seq: seq, $model: modelKey }).map((row) => ({
			chunkId: row.id,
			ordinal: row.ordinal,
			start: row.start_offset,
			end: row.end_offset,
			vector: row.vector && read(row.vector)
		})),
	sets: () => db.all(selectSets),
	removeSome: (modelKey, limit) => db.run(deleteSome, { $model: modelKey, $limit: limit })
});

interface PassageRow {
	readonly id: number;
	readonly ordinal: number;
	readonly start_offset: number;
	readonly end_offset: number;
	readonly vector: Uint8Array | null;
}

/**
 * The platform's own byte order is that of the file wherever WebAssembly runs, so no number is touched.
 * A blob cut off in the middle of a number is of the wrong size anyway: the rest is left out.
 */
const read = (blob: Uint8Array): Float32Array =>
	new Float32Array(blob.slice().buffer, 0, Math.floor(blob.byteLength / 4));

const modelPrefix = (modelKey: string): string => modelKey.slice(0, modelKey.indexOf('@') + 1);

const deleteOlder = `
	DELETE FROM chunk_vectors WHERE chunk_id = $chunk AND model_id <> $model
		AND substr(model_id, 1, length($prefix)) = $prefix`;

const selectSets = `
	SELECT model_id AS key, count(*) AS vectors, sum(length(vector)) AS bytes
	FROM chunk_vectors GROUP BY model_id ORDER BY model_id`;

const deleteSome = `
	DELETE FROM chunk_vectors WHERE rowid IN (
		SELECT rowid FROM chunk_vectors WHERE model_id = $model LIMIT $limit)`;

const upsert = `
	INSERT INTO chunk_vectors (chunk_id, model_id, vector) VALUES ($chunk, $model, $vector)
	ON CONFLICT (chunk_id, model_id) DO UPDATE SET vector = excluded.vector`;

const selectSlice = `
	SELECT c.id, c.note_seq, v.vector FROM chunk_vectors v
	CROSS JOIN chunks c ON c.id = v.chunk_id
	CROSS JOIN notes n ON n.seq = c.note_seq
	WHERE v.chunk_id > $after AND v.model_id = $model AND n.trashed_at IS NULL
	ORDER BY v.chunk_id LIMIT $limit`;

const selectOfNote = `
	SELECT c.id, c.note_seq, c.start_offset, c.end_offset, v.vector FROM chunks c
	JOIN chunk_vectors v ON v.chunk_id = c.id AND v.model_id = $model
	WHERE c.note_seq = $seq ORDER BY c.ordinal`;

const selectPassages = `
	SELECT c.id, c.ordinal, c.start_offset, c.end_offset, v.vector FROM chunks c
	LEFT JOIN chunk_vectors v ON v.chunk_id = c.id AND v.model_id = $model
	WHERE c.note_seq = $seq ORDER BY c.ordinal`;
