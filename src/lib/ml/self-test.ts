import { cosine, isUsable } from '$lib/domain/vector';
import { AppError } from '$lib/shared/app-error';
import type { LoadedNetwork } from './load-model';
import type { ModelManifest, SelfTestSentence } from './model-manifest';

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

/** The first two say the same, the third something else; of different lengths, so that padding is tried. */
const firstSentences = [
	'A cat is sleeping on the sofa.',
	'The kitten naps on the couch in the living room.',
	'The invoice for the new windows has to be paid by the end of next month.',
	'Bread'
] as const;

/**
 * What a stored model says at its first start, for later starts and other devices to be compared with:
 * nobody ships vectors with it. Rejects with `model-invalid` when they are no vectors of such a model, or
 * do not tell like from unlike.
 */
export const recordFirstTest = async (
	network: LoadedNetwork,
	{ id, dimensions }: ModelManifest
): Promise<readonly SelfTestSentence[]> => {
	const vectors = await network.run(firstSentences.map((text) => network.toTokens(text)));
	const isWrong = vectors.some((vector) => vector.length !== dimensions || !isUsable(vector));
	const [first, alike, other] = vectors;
	if (isWrong || !first || !alike || !other) {
		throw new AppError('model-invalid', `${id} does not give vectors of ${dimensions} numbers.`);
	}
	if (!(cosine(first, alike) > cosine(first, other))) {
		const message = `${id} failed its self-test: it finds unlike sentences more alike than like ones.`;
		throw new AppError('model-invalid', message);
	}
	return firstSentences.map((text, i) => ({ text, vector: [...(vectors[i] ?? [])] }));
};
