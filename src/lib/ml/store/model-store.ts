import type { DownloadProgress, ModelDtype, StoredModel } from '$lib/domain/model-files';
import type { DownloadRequest, ModelStoreApi, TakeRequest } from '$lib/protocol/model-store-api';
import { AppError, isAppError } from '$lib/shared/app-error';
import type { ModelFile } from '$lib/ml/model-manifest';
import { checkFile } from './check-file';
import { fetchFile, type FetchFileDeps } from './fetch-file';
import { findGiven } from './given-files';
import { fetchHubList } from './hub-list';
import { partName } from './part-folder';
import { dtypeOfPaths, hubModelOf, planFiles, spaceFor, type PlannedFile } from './plan-download';
import { createStoreCache, revisionOf, type StoreCache } from './store-cache';

export interface ModelStoreDeps extends FetchFileDeps {
	readonly openCache: () => Promise<Cache>;
	readonly build: string;
	/** Null where the browser does not tell. */
	readonly freeBytes: () => Promise<number | null>;
}

type OnProgress = (progress: DownloadProgress) => void;

/** Where the contents of one file come from, checked by nobody yet. */
type GetFile = (
	file: PlannedFile,
	onBytes: (bytes: number) => void
) => Promise<{ readonly contents: Blob; readonly release: () => Promise<void> }>;

export const createModelStore = (deps: ModelStoreDeps): ModelStoreApi => {
	let stop = new AbortController();

	const begin = (): AbortSignal => {
		stop = new AbortController();
		return stop.signal;
	};

	return {
		async cancel() {
			stop.abort(new AppError('cancelled', 'You ended the download.'));
			return Promise.resolve();
		},
		async download(request, onProgress) {
			const signal = begin();
			const { modelId, dtype, from, record } = request;
			const { hub } = hubModelOf(modelId);
			const listed = await fetchHubList(deps.fetch, from, hub.repository, signal);
			const files = planFiles(hub.variants[dtype], record, listed);
			const here = await deps.parts.bytes(partName(modelId, dtype, ''));
			const neededBytes = spaceFor(files, here);
			await requireSpace(deps, neededBytes, modelId);
			const get = fetching(deps, request, hub.repository, signal);
			return storeAll(deps, { request, dtype, from, files, get, onProgress }).catch(
				async (thrown: unknown) => {
					throw await withSpace(deps, thrown, neededBytes);
				}
			);
		},
		async take(request, onProgress) {
			begin();
			const { modelId, files: given, record } = request;
			const { hub } = hubModelOf(modelId);
			const dtype = request.dtype ?? dtypeOfPaths(hub, (path) => findGiven(given, path) !== null);
			const files = planFiles(hub.variants[dtype], record, new Map());
			const get: GetFile = async ({ path }) => {
				const found = findGiven(given, path);
				if (!found) throw new AppError('input-invalid', `${path} is not among the chosen files.`);
				return Promise.resolve({ contents: found.blob, release: async () => Promise.resolve() });
			};
			const from = 'files from this device';
			return storeAll(deps, { request, dtype, from, files, get, onProgress });
		}
	};
};

const fetching =
	(
		deps: ModelStoreDeps,
		{ modelId, dtype, from }: DownloadRequest,
		repository: string,
		signal: AbortSignal
	): GetFile =>
	async ({ path, sha256 }, onBytes) => {
		const name = partName(modelId, dtype, path);
		const url = `${from}${repository}/resolve/main/${path}`;
		await fetchFile(deps, { name, url, signal, onBytes, isHashKnown: sha256 !== null });
		const contents = await deps.parts.read(name);
		if (!contents) throw new AppError('model-missing', `${path} is gone from the disk.`);
		return { contents, release: async () => deps.parts.remove(name) };
	};

interface Storing {
	readonly request: DownloadRequest | TakeRequest;
	readonly dtype: ModelDtype;
	readonly from: string;
	readonly files: readonly PlannedFile[];
	readonly get: GetFile;
	readonly onProgress: OnProgress;
}

/** One file after the other: each is checked as a whole before it is stored. */
const storeAll = async (deps: ModelStoreDeps, storing: Storing): Promise<StoredModel> => {
	const { request, dtype, from, files, get, onProgress } = storing;
	const { modelId } = request;
	const cache = createStoreCache({ ...deps, baseUrl: request.baseUrl });
	const totalBytes = files.reduce((sum, { aboutBytes }) => sum + aboutBytes, 0);
	const stored: ModelFile[] = [];
	let doneBytes = 0;
	for (const planned of files) {
		const tell = (bytes: number): void =>
			onProgress({ file: planned.path, doneBytes: doneBytes + bytes, totalBytes });
		tell(0);
		const file =
			(await findStored(cache, modelId, planned)) ??
			(await storeOne(cache, modelId, planned, await get(planned, tell)));
		stored.push(file);
		doneBytes += file.bytes;
	}
	return finish(cache, { modelId, dtype, from }, stored);
};

/** An earlier download may have come this far. */
const findStored = async (
	cache: StoreCache,
	modelId: string,
	{ path, bytes, sha256 }: PlannedFile
): Promise<ModelFile | null> => {
	if (bytes === null || sha256 === null) return null;
	const file = { path, bytes, sha256 };
	return (await cache.has(modelId, file)) ? file : null;
};

const storeOne = async (
	cache: StoreCache,
	modelId: string,
	planned: PlannedFile,
	{ contents, release }: Awaited<ReturnType<GetFile>>
): Promise<ModelFile> => {
	try {
		const sha256 = await checkFile(contents, planned);
		const file = { path: planned.path, bytes: contents.size, sha256 };
		if (planned.path === 'config.json') await requireSize(contents, modelId);
		await cache.put(modelId, file, contents);
		await release();
		return file;
	} catch (thrown) {
		// What is not the right file is no beginning of it either.
		if (isAppError(thrown, 'model-invalid')) await release();
		throw thrown;
	}
};

/** Another model in the right layout would be told from this one only by its vectors. */
const requireSize = async (config: Blob, modelId: string): Promise<void> => {
	const { hidden_size: found } = JSON.parse(await config.text()) as { hidden_size?: unknown };
	const { dimensions } = hubModelOf(modelId);
	if (found === dimensions) return;
	throw new AppError(
		'model-invalid',
		`config.json: this is another model. It makes vectors of ${String(found)} numbers, ${modelId} of ${dimensions}.`,
		{ file: 'config.json' }
	);
};

const finish = async (
	cache: StoreCache,
	{ modelId, dtype, from }: Pick<StoredModel, 'modelId' | 'dtype' | 'from'>,
	files: readonly ModelFile[]
): Promise<StoredModel> => {
	const { hub } = hubModelOf(modelId);
	const { dimensions, maxTokens } = hub;
	const revision = await revisionOf(files, hub.reading);
	await cache.finish({
		...{ id: modelId, revision, dtype, dimensions, maxTokens, files, from },
		selfTest: []
	});
	return {
		...{ modelId, dtype, revision, from },
		bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
		files: Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]))
	};
};

const requireSpace = async (
	{ freeBytes }: ModelStoreDeps,
	neededBytes: number,
	modelId: string
): Promise<void> => {
	const free = await freeBytes();
	if (free === null || free >= neededBytes) return;
	throw new AppError('storage-full', `${modelId} does not fit.`, { neededBytes, freeBytes: free });
};

/** A disk that filled up on the way: the same figures as before the start. */
const withSpace = async (
	{ freeBytes }: ModelStoreDeps,
	thrown: unknown,
	neededBytes: number
): Promise<unknown> => {
	const isFull = thrown instanceof Error && thrown.name === 'QuotaExceededError';
	if (!isFull && !isAppError(thrown, 'storage-full')) return thrown;
	const free = await freeBytes();
	const details = { neededBytes, ...(free === null ? {} : { freeBytes: free }) };
	const message = isFull ? 'The model does not fit.' : (thrown as Error).message;
	return new AppError('storage-full', message, details, { cause: thrown });
};
