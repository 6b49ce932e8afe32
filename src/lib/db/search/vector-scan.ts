import { createPlainKernel } from './plain-kernel';
import { createSimdKernel, type VectorKernel } from './vector-kernel';

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

export const createVectorScan = (
	dimensions: number,
	kernel: VectorKernel = createSimdKernel(dimensions) ?? createPlainKernel(dimensions)
): VectorScan => new Matrix(dimensions, kernel);

interface NoteEntry {
	readonly seq: number;
	/** Its place among the notes that are there: best scores are gathered by it. */
	place: number;
	readonly chunks: Set<number>;
}

class Matrix implements VectorScan {
	readonly #chunkIds: number[] = [];
	#placeOfRow = new Uint32Array(1_024);
	readonly #rowByChunk = new Map<number, number>();
	readonly #noteBySeq = new Map<number, NoteEntry>();
	readonly #notes: NoteEntry[] = [];

	constructor(
		private readonly dimensions: number,
		private readonly kernel: VectorKernel
	) {}

	get passages(): number {
		return this.#chunkIds.length;
	}

	get notes(): number {
		return this.#notes.length;
	}

	set(chunkId: number, seq: number, vector: Float32Array): void {
		this.#checkLength(vector);
		this.removeChunk(chunkId);
		const row = this.#chunkIds.length;
		this.kernel.reserve(row + 1);
		this.kernel.row(row).set(vector);
		const note = this.#noteBySeq.get(seq) ?? this.#addNote(seq);
		note.chunks.add(chunkId);
		this.#chunkIds.push(chunkId);
		this.#setPlace(row, note.place);
		this.#rowByChunk.set(chunkId, row);
	}

	removeChunk(chunkId: number): void {
		const row = this.#rowByChunk.get(chunkId);
		if (row === undefined) return;
		const note = this.#notes[this.#placeOfRow[row] ?? 0];
		this.#moveLastTo(row);
		this.#rowByChunk.delete(chunkId);
		note?.chunks.delete(chunkId);
		if (note?.chunks.size === 0) this.#dropNote(note);
	}

	removeNote(seq: number): void {
		for (const chunkId of [...(this.#noteBySeq.get(seq)?.chunks ?? [])]) this.removeChunk(chunkId);
	}

	nearest(
		query: Float32Array,
		limit: number,
		accepts: (seq: number) => boolean
	): readonly NoteHit[] {
		this.#checkLength(query);
		const { scores, rows } = this.#bestOfNotes(query);
		const hits: NoteHit[] = [];
		for (const [place, { seq }] of this.#notes.entries()) {
			const similarity = scores[place] ?? 0;
			const last = hits.length < limit ? undefined : hits[limit - 1];
			if (last && !isBefore({ seq, similarity }, last)) continue;
			if (accepts(seq))
				insert(hits, { seq, chunkId: this.#chunkIds[rows[place] ?? 0] ?? 0, similarity }, limit);
		}
		return hits;
	}

	/** By the place of a note: its best score, and the row that has it. */
	#bestOfNotes(query: Float32Array): { scores: Float32Array; rows: Uint32Array } {
		const rowScores = this.kernel.score(query, this.#chunkIds.length);
		const scores = new Float32Array(this.#notes.length).fill(-Infinity);
		const rows = new Uint32Array(this.#notes.length);
		for (let row = 0; row < rowScores.length; row += 1) {
			const place = this.#placeOfRow[row] as number;
			const score = rowScores[row] as number;
			if (score <= (scores[place] as number)) continue;
			scores[place] = score;
			rows[place] = row;
		}
		return { scores, rows };
	}

	#addNote(seq: number): NoteEntry {
		const note = { seq, place: this.#notes.length, chunks: new Set<number>() };
		this.#notes.push(note);
		this.#noteBySeq.set(seq, note);
		return note;
	}

	#dropNote(note: NoteEntry): void {
		this.#noteBySeq.delete(note.seq);
		const last = this.#notes.pop();
		if (!last || last === note) return;
		last.place = note.place;
		this.#notes[last.place] = last;
		for (const chunkId of last.chunks) {
			this.#setPlace(this.#rowByChunk.get(chunkId) ?? 0, last.place);
		}
	}

	#setPlace(row: number, place: number): void {
		if (row >= this.#placeOfRow.length) {
			const wider = new Uint32Array(this.#placeOfRow.length * 2);
			wider.set(this.#placeOfRow);
			this.#placeOfRow = wider;
		}
		this.#placeOfRow[row] = place;
	}

	#moveLastTo(row: number): void {
		const last = this.#chunkIds.length - 1;
		const chunkId = this.#chunkIds.pop() ?? 0;
		if (row === last) return;
		this.kernel.row(row).set(this.kernel.row(last));
		this.#chunkIds[row] = chunkId;
		this.#placeOfRow[row] = this.#placeOfRow[last] ?? 0;
		this.#rowByChunk.set(chunkId, row);
	}

	#checkLength({ length }: Float32Array): void {
		if (length === this.dimensions) return;
		throw new RangeError(`a vector of ${length} numbers among those of ${this.dimensions}`);
	}
}

type Standing = Pick<NoteHit, 'seq' | 'similarity'>;

const isBefore = (a: Standing, b: Standing): boolean =>
	a.similarity > b.similarity || (a.similarity === b.similarity && a.seq < b.seq);

/** Into its place among the best; what then is one too many goes. */
const insert = (hits: NoteHit[], hit: NoteHit, limit: number): void => {
	let low = 0;
	let high = hits.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (isBefore(hits[middle] as NoteHit, hit)) low = middle + 1;
		else high = middle;
	}
	hits.splice(low, 0, hit);
	if (hits.length > limit) hits.pop();
};
