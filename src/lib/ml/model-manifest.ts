import { AppError } from '$lib/shared/app-error';

export interface ModelFile {
	/** Below the model's folder, e.g. `onnx/model_quantized.onnx`. */
	readonly path: string;
	readonly bytes: number;
	readonly sha256: string;
}

/** `files.json` of a model: what belongs to it, and how to know that it is right. */
export interface ModelManifest {
	readonly id: string;
	readonly revision: string;
	readonly dtype: string;
	readonly dimensions: number;
	/** The most tokens the model reads at once. */
	readonly maxTokens: number;
	readonly files: readonly ModelFile[];
	/**
	 * Sentences with the vectors of the original model; of a stored model those of its first start on
	 * the processor, and none before that.
	 */
	readonly selfTest: readonly SelfTestSentence[];
	/** Where the files of a stored model came from. */
	readonly from?: string;
}

export interface SelfTestSentence {
	readonly text: string;
	readonly vector: readonly number[];
}

/** Reads `files.json`. Anything else, a web page with status 200 above all, is `model-invalid`. */
export const parseManifest = (text: string, modelId: string): ModelManifest => {
	const value = parseJson(text);
	const isKnown = isManifest(value) && value.id === modelId;
	// Only a list that this app wrote itself may come without vectors to compare with.
	if (!isKnown || (value.selfTest.length === 0 && value.from === undefined)) {
		throw new AppError('model-invalid', `files.json of ${modelId} is not a list of model files.`);
	}
	return value;
};

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return null; // refused by the caller, like any other wrong content
	}
};

type Loose = Partial<Record<string, unknown>>;

const isManifest = (value: unknown): value is ModelManifest => {
	const it = (value ?? {}) as Loose;
	const texts = [it.id, it.revision, it.dtype];
	const sizes = [it.dimensions, it.maxTokens];
	return (
		texts.every((text) => typeof text === 'string') &&
		sizes.every((size) => Number.isInteger(size) && Number(size) > 0) &&
		isListOf(it.files, isFile) &&
		(it.files as unknown[]).length > 0 &&
		isListOf(it.selfTest, isSentence)
	);
};

const isListOf = (value: unknown, accepts: (item: Loose) => boolean): boolean =>
	Array.isArray(value) && value.every((item) => accepts((item ?? {}) as Loose));

const isFile = ({ path, bytes, sha256 }: Loose): boolean =>
	typeof path === 'string' &&
	!path.split('/').includes('..') &&
	Number.isInteger(bytes) &&
	typeof sha256 === 'string' &&
	/^[0-9a-f]{64}$/.test(sha256);

const isSentence = ({ text, vector }: Loose): boolean =>
	typeof text === 'string' &&
	Array.isArray(vector) &&
	vector.every((number) => typeof number === 'number');
