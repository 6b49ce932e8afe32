import { hubModelOfHash } from '$lib/ml/hub-models';
import type { ModelFile } from '$lib/ml/model-manifest';
import { AppError, isAppError } from '$lib/shared/app-error';
import { checkFile } from './check-file';
import { hubModelOf, type PlannedFile } from './plan-download';
import type { StoreCache } from './store-cache';

/** Contents that nobody has checked yet. */
export interface Unchecked {
	readonly contents: Blob;
	/** Gives back what they lay in. */
	readonly release: () => Promise<void>;
}

/** An earlier download may have come this far. Null where the hash is not known. */
export const findStored = async (
	cache: StoreCache,
	modelId: string,
	{ path, sha256 }: PlannedFile
): Promise<ModelFile | null> => (sha256 === null ? null : cache.find(modelId, path, sha256));

/** Checks the file as a whole, then stores it. Rejects with `model-invalid` for another one. */
export const storeFile = async (
	cache: StoreCache,
	modelId: string,
	planned: PlannedFile,
	{ contents, release }: Unchecked
): Promise<ModelFile> => {
	try {
		const sha256 = await checkFile(contents, planned);
		const file = { path: planned.path, bytes: contents.size, sha256 };
		requireNotOfOther(file, modelId);
		if (planned.path === 'config.json') await requireNetwork(contents, modelId);
		await cache.put(modelId, file, contents);
		await release();
		return file;
	} catch (thrown) {
		// What is not the right file is no beginning of it either.
		if (isAppError(thrown, 'model-invalid')) await release();
		throw thrown;
	}
};

/** Some models have the same layout and the same network: only their contents tell them apart. */
export const requireNotOfOther = ({ path, sha256 }: ModelFile, modelId: string): void => {
	// Two models may share a tokenizer, but no weights.
	const owner = path.endsWith('.onnx') ? hubModelOfHash(sha256) : null;
	if (owner === null || owner === modelId) return;
	throw new AppError('model-invalid', `${path} is of ${owner}, not of ${modelId}.`, { file: path });
};

/** Another model in the right layout would be told from this one only by its vectors. */
const requireNetwork = async (config: Blob, modelId: string): Promise<void> => {
	const found = JSON.parse(await config.text()) as Partial<Record<string, unknown>>;
	const { dimensions, hub } = hubModelOf(modelId);
	const { hidden_size: size } = found;
	if (size !== dimensions) {
		throw otherNetwork(`It makes vectors of ${String(size)} numbers, ${modelId} of ${dimensions}.`);
	}
	for (const [key, wanted] of Object.entries(hub.network)) {
		if (found[key] === undefined || found[key] === wanted) continue;
		throw otherNetwork(`Its ${key} is ${String(found[key])}, that of ${modelId} is ${wanted}.`);
	}
};

const otherNetwork = (how: string): AppError =>
	new AppError('model-invalid', `config.json: this is another model. ${how}`, {
		file: 'config.json'
	});
