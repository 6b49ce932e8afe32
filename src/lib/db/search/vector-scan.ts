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

export const createVectorScan = (dimensions: number): VectorScan => new Matrix(dimensions);

class Matrix implements VectorScan {
	readonly #blocks: Float32Array[] = [];
	readonly #chunkIds: number[] = [];
	readonly #seqs: number[] = [];
	readonly #rowByChunk = new Map<number, number>();
	readonly #chunksBySeq = new Map<number, Set<number>>();

	constructor(private readonly dimensions: number) {}

	get passages(): number {
		return this.#chunkIds.length;
	}

	get notes(): number {
		return this.#chunksBySeq.size;
	}

	set(chunkId: number, seq: number, vector: Float32Array): void {
		this.#checkLength(vector);
		this.removeChunk(chunkId);
		const row = this.#chunkIds.length;
		this.#rowAt(row).set(vector);
		this.#chunkIds.push(chunkId);
		this.#seqs.push(seq);
		this.#rowByChunk.set(chunkId, row);
		this.#chunksBySeq.set(seq, (this.#chunksBySeq.get(seq) ?? new Set()).add(chunkId));
	}

	removeChunk(chunkId: number): void {
		const row = this.#rowByChunk.get(chunkId);
		if (row === undefined) return;
		const seq = this.#seqs[row] ?? 0;
		this.#moveLastTo(row);
		this.#rowByChunk.delete(chunkId);
		const chunks = this.#chunksBySeq.get(seq);
		chunks?.delete(chunkId);
		if (chunks?.size === 0) this.#chunksBySeq.delete(seq);
	}

	removeNote(seq: number): void {
		for (const chunkId of [...(this.#chunksBySeq.get(seq) ?? [])]) this.removeChunk(chunkId);
	}

	nearest(
		query: Float32Array,
		limit: number,
		accepts: (seq: number) => boolean
	): readonly NoteHit[] {
		this.#checkLength(query);
		return [...this.#bestRows(this.#score(query))]
			.filter(([seq]) => accepts(seq))
			.map(([seq, { row, similarity }]) => ({
				seq,
				chunkId: this.#chunkIds[row] ?? 0,
				similarity
			}))
			.sort((a, b) => b.similarity - a.similarity || a.seq - b.seq)
			.slice(0, limit);
	}

	#score(query: Float32Array): Float32Array {
		const scores = new Float32Array(this.#chunkIds.length);
		for (const [index, block] of this.#blocks.entries()) {
			const first = index * rowsPerBlock;
			scoreRows(block, query, scores.subarray(first, first + rowsPerBlock));
		}
		return scores;
	}

	#bestRows(scores: Float32Array): ReadonlyMap<number, { row: number; similarity: number }> {
		const bestBySeq = new Map<number, { row: number; similarity: number }>();
		for (let row = 0; row < scores.length; row += 1) {
			const similarity = scores[row] ?? 0;
			const seq = this.#seqs[row] ?? 0;
			const best = bestBySeq.get(seq);
			if (!best) bestBySeq.set(seq, { row, similarity });
			else if (similarity > best.similarity) Object.assign(best, { row, similarity });
		}
		return bestBySeq;
	}

	#rowAt(row: number): Float32Array {
		const index = Math.floor(row / rowsPerBlock);
		const block = (this.#blocks[index] ??= new Float32Array(rowsPerBlock * this.dimensions));
		const from = (row % rowsPerBlock) * this.dimensions;
		return block.subarray(from, from + this.dimensions);
	}

	#moveLastTo(row: number): void {
		const last = this.#chunkIds.length - 1;
		const chunkId = this.#chunkIds.pop() ?? 0;
		const seq = this.#seqs.pop() ?? 0;
		if (row === last) return;
		this.#rowAt(row).set(this.#rowAt(last));
		this.#chunkIds[row] = chunkId;
		this.#seqs[row] = seq;
		this.#rowByChunk.set(chunkId, row);
	}

	#checkLength({ length }: Float32Array): void {
		if (length === this.dimensions) return;
		throw new RangeError(`a vector of ${length} numbers among those of ${this.dimensions}`);
	}
}

/** Four sums at a time, so that no addition waits for the one before. */
const scoreRows = (block: Float32Array, query: Float32Array, scores: Float32Array): void => {
	const { length } = query;
	const even = length - (length % 4);
	for (let row = 0, from = 0; row < scores.length; row += 1, from += length) {
		let [a, b, c, d] = [0, 0, 0, 0];
		for (let i = 0; i < even; i += 4) {
			a += (block[from + i] as number) * (query[i] as number);
			b += (block[from + i + 1] as number) * (query[i + 1] as number);
			c += (block[from + i + 2] as number) * (query[i + 2] as number);
			d += (block[from + i + 3] as number) * (query[i + 3] as number);
		}
		for (let i = even; i < length; i += 1) a += (block[from + i] as number) * (query[i] as number);
		scores[row] = a + b + c + d;
	}
};
