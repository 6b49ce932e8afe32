import { normalise } from './vector';

/** A joined model listens in two ways: its first numbers hear the sense, the others the words. */
interface Stress {
	/** Where the numbers begin that hear the words. */
	readonly from: number;
	/** How loud these are where the notes do not have the words of the query. */
	readonly paraphrase: number;
	/** And where they do. */
	readonly document: number;
}

/** Measured on NFCorpus dev and on paraphrase pairs: tools/README.md. */
const stressByModel: Readonly<Record<string, Stress>> = {
	'combined-en': { from: 512, paraphrase: 0.3, document: 3 }
};

/**
 * The query as the model should hear it: a search for documents names their words, a paraphrase does
 * not. Only the query changes, so stored vectors serve both. Any other model's query stays as it is.
 */
export const stressQuery = (
	modelId: string,
	query: Float32Array,
	trustInWords: number
): Float32Array => {
	const stress = stressByModel[modelId];
	if (!stress) return query;
	const { from, paraphrase, document } = stress;
	const loudness = paraphrase + (document - paraphrase) * trustInWords;
	return normalise(query.map((value, i) => (i < from ? value : value * loudness)));
};
