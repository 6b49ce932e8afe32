import { joinVectors } from '$lib/domain/vector';
import type { Embedder } from './embedder';

export interface EmbedderPart {
	readonly embedder: Embedder;
	readonly dimensions: number;
	readonly factor: number;
}

/** Several models as one. A text that only some of them can read still has a vector. */
export const joinEmbedders = (parts: readonly EmbedderPart[]): Embedder => {
	const [first] = parts;
	if (first && parts.length === 1) return first.embedder;
	return {
		setBatchSize(passages) {
			for (const { embedder } of parts) embedder.setBatchSize(passages);
		},
		async embed(texts, schedule) {
			const found = await Promise.all(
				parts.map(async ({ embedder }) => embedder.embed(texts, schedule))
			);
			return texts.map((_, i) => {
				const vectors = found.map((ofPart) => ofPart[i] ?? null);
				if (vectors.every((vector) => vector === null)) return null;
				return joinVectors(
					parts.map(({ dimensions, factor }, p) => ({
						vector: vectors[p] ?? new Float32Array(dimensions),
						factor
					}))
				);
			});
		}
	};
};
