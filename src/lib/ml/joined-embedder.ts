import { joinVectors, meanVector } from '$lib/domain/vector';
import type { Embedder, Schedule } from './embedder';

export interface EmbedderPart {
	readonly embedder: Embedder;
	readonly dimensions: number;
	readonly factor: number;
	/** Ways to write the same query, whose mean is taken; the first is the query as typed. */
	readonly formsOf: (query: string) => readonly string[];
}

export interface JoinedEmbedder extends Embedder {
	/** Null when none of the models can read it. */
	embedQuery(text: string, schedule: Schedule): Promise<Float32Array | null>;
}

/** One or several models as one. A text that only some of them can read still has a vector. */
export const joinEmbedders = (parts: readonly EmbedderPart[]): JoinedEmbedder => ({
	setBatchSize(passages) {
		for (const { embedder } of parts) embedder.setBatchSize(passages);
	},
	async embed(texts, schedule, role) {
		const found = await Promise.all(
			parts.map(async ({ embedder }) => embedder.embed(texts, schedule, role))
		);
		return texts.map((_, i) =>
			join(
				parts,
				found.map((ofPart) => ofPart[i] ?? null)
			)
		);
	},
	async embedQuery(text, schedule) {
		const found = await Promise.all(
			parts.map(async ({ embedder, formsOf }) => {
				const vectors = await embedder.embed(formsOf(text), schedule, 'query');
				// The first is the query as typed: with nothing to read in it, a full stop says nothing either.
				return vectors[0] ? meanVector(vectors.filter((vector) => vector !== null)) : null;
			})
		);
		return join(parts, found);
	}
});

const join = (
	parts: readonly EmbedderPart[],
	vectors: readonly (Float32Array | null)[]
): Float32Array | null => {
	if (vectors.every((vector) => vector === null)) return null;
	return joinVectors(
		parts.map(({ dimensions, factor }, p) => ({
			vector: vectors[p] ?? new Float32Array(dimensions),
			factor
		}))
	);
};
