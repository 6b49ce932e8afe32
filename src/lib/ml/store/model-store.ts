import {
	parseHubUrl,
	type DownloadProgress,
	type ModelDtype,
	type StoredModel
} from '$lib/domain/model-files';
import type { DownloadRequest, ModelStoreApi, TakeRequest } from '$lib/protocol/model-store-api';
import { AppError, isAppError } from '$lib/shared/app-error';
import type { ModelFile } from '$lib/ml/model-manifest';
import { fetchFile, type FetchFileDeps } from './fetch-file';
import { chooseGiven, hasGiven } from './given-files';
import { fetchHubList } from './hub-list';
import { partName } from './part-folder';
import { dtypeOfPaths, hubModelOf, planFiles, spaceFor, type PlannedFile } from './plan-download';
import { createStoreCache, revisionOf, type StoreCache } from './store-cache';
import { findStored, storeFile, type Unchecked } from './store-file';

export interface ModelStoreDeps extends FetchFileDeps {
	readonly openCache: () => Promise<Cache>;
	readonly build: string;
	/** Null where the browser does not tell. */
	readonly freeBytes: () => Promise<number | null>;
}

type OnProgress = (progress: DownloadProgress) => void;

/** Where the contents of one file come from. */
type GetFile = (file: PlannedFile, onBytes: (bytes: number) => void) => Promise<Unchecked>;

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
			const { modelId, dtype, record } = request;
			const from = requireUrl(request.from);
			const { hub } = hubModelOf(modelId);
			const listed = await fetchHubList(deps, from, hub.repository, signal);
			const files = planFiles(hub.variants[dtype], record, listed);
			const cache = createStoreCache({ ...deps, baseUrl: request.baseUrl });
			const here = await findAll(cache, modelId, files);
			const begun = await deps.parts.bytes(partName(modelId, dtype, ''));
			const missing = files.filter(({ path }) => !here.has(path));
			const neededBytes = spaceFor(missing, begun);
			await requireSpace(deps, neededBytes, modelId);
			const get = fetching(deps, { ...request, from }, hub.repository, signal);
			const storing = { request, dtype, from, files, here, get, onProgress, signal };
			return storeAll(cache, storing).catch(async (thrown: unknown) => {
				throw await withSpace(deps, thrown, neededBytes);
			});
		},
		async take(request, onProgress) {
			const signal = begin();
			const { modelId, files: given, records } = request;
			const { hub } = hubModelOf(modelId);
			const isThere = (path: string): boolean => hasGiven(given, hub.repository, path);
			const dtype = request.dtype ?? dtypeOfPaths(hub, isThere);
			const files = planFiles(hub.variants[dtype], records[dtype], new Map());
			const cache = createStoreCache({ ...deps, baseUrl: request.baseUrl });
			const here = new Map<string, ModelFile>(); // what the user chose is what is checked
			const paths = files.map(({ path }) => path);
			const find = chooseGiven(given, hub.repository, paths);
			const get = giving(find);
			const from = 'files from this device';
			const neededBytes = paths.reduce((sum, path) => sum + (find(path)?.blob.size ?? 0), 0);
			await requireSpace(deps, neededBytes, modelId);
			const order = { request, dtype, from, files, here, get, onProgress, signal };
			return storeAll(cache, order).catch(async (thrown: unknown) => {
				throw await withSpace(deps, thrown, neededBytes);
			});
		}
	};
};

/** The page has asked already; this thread is the one that may call out. */
const requireUrl = (address: string): string => {
	const url = parseHubUrl(address);
	if (url !== null) return url;
	throw new AppError('input-invalid', `${address} cannot be a source of models.`);
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

const giving =
	(find: ReturnType<typeof chooseGiven>): GetFile =>
	async ({ path }) => {
		const found = find(path);
		if (!found) throw new AppError('input-invalid', `${path} is not among the chosen files.`);
		return Promise.resolve({ contents: found.blob, release: async () => Promise.resolve() });
	};

const findAll = async (
	cache: StoreCache,
	modelId: string,
	files: readonly PlannedFile[]
): Promise<ReadonlyMap<string, ModelFile>> => {
	const here = new Map<string, ModelFile>();
	for (const planned of files) {
		const file = await findStored(cache, modelId, planned);
		if (file) here.set(planned.path, file);
	}
	return here;
};

interface Storing {
	readonly request: DownloadRequest | TakeRequest;
	readonly dtype: ModelDtype;
	readonly from: string;
	readonly files: readonly PlannedFile[];
	/** By path: what needs not come. */
	readonly here: ReadonlyMap<string, ModelFile>;
	readonly get: GetFile;
	readonly onProgress: OnProgress;
	readonly signal: AbortSignal;
}

/** One file after the other: each is checked as a whole before it is stored. */
const storeAll = async (cache: StoreCache, storing: Storing): Promise<StoredModel> => {
	const { request, files, here, get, onProgress, signal } = storing;
	const { modelId } = request;
	const totalBytes = files.reduce((sum, { aboutBytes }) => sum + aboutBytes, 0);
	const stored: ModelFile[] = [];
	let doneBytes = 0;
	for (const planned of files) {
		signal.throwIfAborted();
		const tell = (bytes: number): void =>
			onProgress({ file: planned.path, doneBytes: doneBytes + bytes, totalBytes });
		tell(0);
		const file =
			here.get(planned.path) ??
			(await storeFile(cache, modelId, planned, await get(planned, tell)));
		stored.push(file);
		doneBytes += file.bytes;
	}
	return finish(cache, storing, stored);
};

const finish = async (
	cache: StoreCache,
	{ request, dtype, from, files: planned }: Storing,
	files: readonly ModelFile[]
): Promise<StoredModel> => {
	const { modelId, revisions } = request;
	const { hub } = hubModelOf(modelId);
	const { dimensions, maxTokens } = hub;
	const revision = await revisionOf(files, hub.reading);
	if (revisions.length > 0 && !revisions.includes(revision)) {
		await cache.undo(modelId, files);
		throw otherVectors(modelId);
	}
	await cache.finish({
		...{ id: modelId, revision, dtype, dimensions, maxTokens, files, from },
		selfTest: []
	});
	const isUnknown = ({ sha256, gitId }: PlannedFile): boolean => sha256 === null && gitId === null;
	return {
		...{ modelId, dtype, revision, from },
		bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
		files: Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256])),
		unknown: planned.filter(isUnknown).map(({ path }) => path)
	};
};

/** The change would come without a backup and without a way back. */
const otherVectors = (modelId: string): AppError =>
	new AppError(
		'input-invalid',
		`These are other files than those that the vectors of ${modelId} in the notebook were made with: all of them would have to be made anew. Nothing was replaced. To take these files, change to another model, remove the vectors of ${modelId}, then download it again.`
	);

const requireSpace = async (
	{ freeBytes }: ModelStoreDeps,
	neededBytes: number,
	modelId: string
): Promise<void> => {
	if (neededBytes === 0) return;
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
