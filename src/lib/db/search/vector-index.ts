import { findVectorProblem, type VectorProblem } from '$lib/domain/index-rules';
import type { Logger } from '$lib/shared/logger';
import { toAppError } from '$lib/shared/app-error';
import type { PassageChange } from '$lib/db/repositories/written';
import type { StoredVector, VectorRepository } from '$lib/db/repositories/vector-repository';
import { createVectorScan, type NoteHit, type VectorScan } from './vector-scan';

/** The matrix of the active model, kept in step with what is on disk. */
export interface VectorIndex {
	/** Drops what is in memory and reads the vectors of this model, a slice at a time. */
	load(modelKey: string, dimensions: number): void;
	/** Resolves when the last `load` is through. */
	loaded(): Promise<void>;
	isLoaded(): boolean;
	/** Version key of the model whose vectors are in memory; null when none are. */
	readonly key: string | null;
	readonly notes: number;
	/** Stored vectors that cannot be compared, by note and by passage. */
	problemBySeq(): ReadonlyMap<number, VectorProblem>;
	problemChunks(): readonly number[];
	/** A vector that was just written to disk. */
	add(vector: StoredVector): void;
	follow(change: PassageChange): void;
	nearest(
		query: Float32Array,
		limit: number,
		accepts?: (seq: number) => boolean
	): readonly NoteHit[];
	/** Stops reading; what is there stays. */
	stop(): void;
}

export interface VectorIndexDeps {
	readonly vectors: VectorRepository;
	/** Lets waiting calls run between two slices. */
	readonly pause: () => Promise<void>;
	readonly log: Logger;
}

const rowsPerSlice = 500;

interface Generation {
	readonly modelKey: string;
	readonly dimensions: number;
	readonly scan: VectorScan;
	readonly problems: Map<number, { readonly seq: number; readonly problem: VectorProblem }>;
	full: boolean;
}

export const createVectorIndex = ({ vectors, pause, log }: VectorIndexDeps): VectorIndex => {
	let current: Generation | null = null;
	let loading: Promise<void> = Promise.resolve();

	const fill = async (generation: Generation): Promise<void> => {
		let after = -1;
		while (current === generation) {
			const slice = vectors.readSlice(generation.modelKey, after, rowsPerSlice);
			for (const stored of slice) put(generation, stored);
			after = slice.at(-1)?.chunkId ?? after;
			if (slice.length < rowsPerSlice) break;
			await pause();
		}
		generation.full = current === generation;
	};

	return {
		load(modelKey, dimensions) {
			const scan = createVectorScan(dimensions);
			const generation = { modelKey, dimensions, scan, problems: new Map(), full: false };
			current = generation;
			loading = pause()
				.then(async () => fill(generation))
				.catch((error: unknown) => {
					// A restore closes the file in the middle; what it brings is then loaded anew.
					if (current === generation) {
						log.error('vectors were not loaded', { code: toAppError(error).code });
					}
				});
		},
		loaded: async () => loading,
		isLoaded: () => current?.full ?? false,
		get key() {
			return current?.modelKey ?? null;
		},
		get notes() {
			return current?.scan.notes ?? 0;
		},
		problemBySeq: () =>
			new Map([...(current?.problems.values() ?? [])].map(({ seq, problem }) => [seq, problem])),
		problemChunks: () => [...(current?.problems.keys() ?? [])],
		add(stored) {
			if (current) put(current, stored);
		},
		follow(change) {
			if (current) followChange(current, change, vectors);
		},
		nearest: (query, limit, accepts = () => true) =>
			current?.dimensions === query.length ? current.scan.nearest(query, limit, accepts) : [],
		stop() {
			current = null;
		}
	};
};

const put = ({ scan, problems, dimensions }: Generation, stored: StoredVector): void => {
	const { chunkId, seq, vector } = stored;
	const problem = findVectorProblem(vector, dimensions);
	problems.delete(chunkId);
	if (problem) problems.set(chunkId, { seq, problem });
	else scan.set(chunkId, seq, vector);
};

const followChange = (
	generation: Generation,
	{ removedChunks, removedNotes, returnedNotes }: PassageChange,
	vectors: VectorRepository
): void => {
	const { scan, problems, modelKey } = generation;
	for (const chunkId of removedChunks) {
		scan.removeChunk(chunkId);
		problems.delete(chunkId);
	}
	const gone = new Set(removedNotes);
	for (const seq of gone) scan.removeNote(seq);
	for (const [chunkId, { seq }] of problems) if (gone.has(seq)) problems.delete(chunkId);
	for (const seq of returnedNotes) {
		for (const { chunkId, vector } of vectors.ofNote(seq, modelKey)) {
			put(generation, { chunkId, seq, vector });
		}
	}
};
