import { cosine, isUsable } from '$lib/domain/vector';
import { AppError } from '$lib/shared/app-error';
import type { LoadedNetwork } from './load-model';
import type { ModelManifest } from './model-manifest';

const leastCosine = 0.99;

/**
 * Compares the running model with the vectors stored beside it. A device that computes nonsense
 * says no word about it (RELIABILITY.md 4), so nothing is indexed or searched before this passed.
 * Resolves to the lowest cosine; rejects with `model-invalid`.
 */
export const runSelfTest = async (
	network: LoadedNetwork,
	{ selfTest, dimensions }: ModelManifest
): Promise<number> => {
	// In one batch of different lengths, so that padding is tested too.
	const vectors = await network.run(selfTest.map(({ text }) => network.toTokens(text)));
	const cosines = selfTest.map((sentence, i) => {
		const vector = vectors[i];
		if (!vector || vector.length !== dimensions || !isUsable(vector)) return -1;
		return cosine(vector, Float32Array.from(sentence.vector));
	});
	const lowest = Math.min(...cosines);
	if (!(lowest >= leastCosine)) {
		throw new AppError(
			'model-invalid',
			`The model failed its self-test: cosine ${lowest.toFixed(3)}, at least ${leastCosine} is needed.`,
			{ cosine: lowest }
		);
	}
	return lowest;
};
