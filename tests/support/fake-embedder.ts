import type { EmbeddingVersion } from '$lib/domain/embedding-version';
import { normalise } from '$lib/domain/vector';

export interface FakeEmbedder {
	readonly version: EmbeddingVersion;
	/** Unit vector; texts that share words are near each other. Zeros for a text without a word. */
	embed(text: string): Float32Array;
}

/** A hashed bag of words: the same vector for the same words on every machine, no model needed. */
export const createFakeEmbedder = (dimensions = 64): FakeEmbedder => ({
	version: { modelId: 'fake-words', revision: '1', dtype: 'fp32', dimensions },
	embed: (text) => {
		const sum = new Float32Array(dimensions);
		for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) addWord(sum, word);
		return normalise(sum);
	}
});

// Four signed places a word: two different words are then almost never parallel.
const addWord = (sum: Float32Array, word: string): void => {
	for (let salt = 0; salt < 4; salt += 1) {
		const hash = fnv1a(`${salt}:${word}`);
		const place = hash % sum.length;
		sum[place] = (sum[place] ?? 0) + ((hash >>> 31) & 1 ? 1 : -1);
	}
};

const fnv1a = (text: string): number => {
	let hash = 0x811c9dc5;
	for (const byte of new TextEncoder().encode(text))
		hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
	hash ^= hash >>> 15;
	return Math.imul(hash, 0x2c1b3c6d) >>> 0;
};
