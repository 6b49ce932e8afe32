/** A note with the cosine of its best passage. */
export interface NoteHit {
	readonly seq: number;
	readonly chunkId: number;
	readonly similarity: number;
}

/** The vectors of one model in memory, scanned whole: exact. */
export interface VectorScan {
	readonly passages: number;
	readonly notes: number;
	has(chunkId: number): boolean;
	/** Adds the vector of a passage or replaces it. */
	set(chunkId: number, seq: number, vector: Float32Array): void;
	removeChunk(chunkId: number): void;
	removeNote(seq: number): void;
	/** The nearest notes, best first. */
	nearest(
		query: Float32Array,
		limit: number,
		accepts: (seq: number) => boolean
	): readonly NoteHit[];
}

// Growing by blocks never copies what is there: at 4,096 x 512 numbers one has 8 MB.
const rowsPerBlock = 4_096;

export const createVectorScan = (dimensions: number): VectorScan => {
	const blocks: Float32Array[] = [];
	const chunkIds: number[] = [];
	const seqs: number[] = [];
	const rowByChunk = new Map<number, number>();
	const chunksBySeq = new Map<number, Set<number>>();

	const rowAt = (row: number): Float32Array => {
		const from = (row % rowsPerBlock) * dimensions;
		return blockOf(row).subarray(from, from + dimensions);
	};
	const blockOf = (row: number): Float32Array => {
		const index = Math.floor(row / rowsPerBlock);
		return (blocks[index] ??= new Float32Array(rowsPerBlock * dimensions));
	};

	const removeChunk = (chunkId: number): void => {
		const row = rowByChunk.get(chunkId);
		if (row === undefined) return;
		const seq = seqs[row] ?? 0;
		const last = chunkIds.length - 1;
		moveRow(last, row);
		chunkIds.pop();
		seqs.pop();
		rowByChunk.delete(chunkId);
		const chunks = chunksBySeq.get(seq);
		chunks?.delete(chunkId);
		if (chunks?.size === 0) chunksBySeq.delete(seq);
	};

	const moveRow = (from: number, to: number): void => {
		if (from === to) return;
		rowAt(to).set(rowAt(from));
		const chunkId = chunkIds[from] ?? 0;
		chunkIds[to] = chunkId;
		seqs[to] = seqs[from] ?? 0;
		rowByChunk.set(chunkId, to);
	};

	return {
		get passages() {
			return chunkIds.length;
		},
		get notes() {
			return chunksBySeq.size;
		},
		has: (chunkId) => rowByChunk.has(chunkId),
		set(chunkId, seq, vector) {
			if (vector.length !== dimensions) {
				throw new RangeError(`a vector of ${vector.length} numbers among those of ${dimensions}`);
			}
			removeChunk(chunkId);
			const row = chunkIds.length;
			rowAt(row).set(vector);
			chunkIds.push(chunkId);
			seqs.push(seq);
			rowByChunk.set(chunkId, row);
			chunksBySeq.set(seq, (chunksBySeq.get(seq) ?? new Set()).add(chunkId));
		},
		removeChunk,
		removeNote(seq) {
			for (const chunkId of [...(chunksBySeq.get(seq) ?? [])]) removeChunk(chunkId);
		},
		nearest(query, limit, accepts) {
			const bestBySeq = scanBest({ blocks, chunkIds, seqs, dimensions }, query);
			return [...bestBySeq.values()]
				.filter(({ seq }) => accepts(seq))
				.sort((a, b) => b.similarity - a.similarity || a.seq - b.seq)
				.slice(0, limit);
		}
	};
};

interface Matrix {
	readonly blocks: readonly Float32Array[];
	readonly chunkIds: readonly number[];
	readonly seqs: readonly number[];
	readonly dimensions: number;
}

const scanBest = (
	{ blocks, chunkIds, seqs, dimensions }: Matrix,
	query: Float32Array
): ReadonlyMap<number, NoteHit> => {
	if (query.length !== dimensions) {
		throw new RangeError(`a query of ${query.length} numbers among vectors of ${dimensions}`);
	}
	const bestBySeq = new Map<number, NoteHit>();
	for (const [index, block] of blocks.entries()) {
		const firstRow = index * rowsPerBlock;
		const rows = Math.min(rowsPerBlock, chunkIds.length - firstRow);
		for (let row = 0; row < rows; row += 1) {
			const similarity = dotAt(block, row * dimensions, query);
			const seq = seqs[firstRow + row] ?? 0;
			const best = bestBySeq.get(seq);
			if (!best || similarity > best.similarity) {
				bestBySeq.set(seq, { seq, chunkId: chunkIds[firstRow + row] ?? 0, similarity });
			}
		}
	}
	return bestBySeq;
};

const dotAt = (block: Float32Array, from: number, query: Float32Array): number => {
	let sum = 0;
	for (let i = 0; i < query.length; i += 1) sum += (block[from + i] as number) * (query[i] as number);
	return sum;
};
