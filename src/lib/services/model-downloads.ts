import type { DeviceSettings } from '$lib/device/device-settings';
import {
	hubUrl,
	parseHubUrl,
	type DownloadProgress,
	type FileRecord,
	type ModelDtype,
	type StoredModel
} from '$lib/domain/model-files';
import type { JobWatch, OnProgress } from '$lib/domain/progress';
import type { ModelStoreApi } from '$lib/protocol/model-store-api';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { AppError } from '$lib/shared/app-error';
import { proxy } from 'comlink';
import type { Embedder } from './embedder';
import type { ModelInfo, ModelService } from './model-service';
import { readModelFiles } from './read-model-files';

export interface DownloadWish {
	readonly modelId: string;
	/** Else that of the files that are here, else `q8`. */
	readonly dtype?: ModelDtype | undefined;
	/** Address of a hub or mirror for this time; else the one that is set. */
	readonly from?: string | undefined;
	/** Takes the files as they are now, even if they are others than at an earlier download. */
	readonly renew?: boolean;
}

/** What is known after the files of a model came. */
export type Downloaded = Pick<StoredModel, 'modelId' | 'bytes'> & {
	readonly from: string;
};

/** Brings the files of models into this browser, when the user asks for it and never else. */
export interface ModelDownloads {
	/** The address that models come from unless another is named. */
	source(): Promise<string>;
	/** Null goes back to the Hugging Face hub. Rejects with `input-invalid` for an address that may not be asked. */
	setSource(address: string | null): Promise<string>;
	/**
	 * Fetches what is missing; a model of the app comes from the app's own address. Rejects as
	 * ModelStoreApi does, and with `busy` while a tab downloads already.
	 */
	download(wish: DownloadWish, watch?: JobWatch): Promise<Downloaded>;
	/**
	 * The same from files that the user chose: one by one, a folder, or a zip. Rejects with `input-invalid`
	 * when one is missing, `input-too-large` for a hostile zip.
	 */
	takeFiles(modelId: string, files: readonly File[], watch?: JobWatch): Promise<Downloaded>;
}

export interface ModelDownloadsDeps {
	readonly models: Pick<ModelService, 'list'>;
	readonly embedder: Embedder;
	readonly startWorker: () => WorkerHandle<ModelStoreApi>;
	readonly settings: DeviceSettings;
	readonly locks: Pick<LockManager, 'request'>;
	readonly baseUrl: string;
}

const sourceKey = 'models.source';
const recordKey = (modelId: string, dtype: string): string => `models.record.${modelId}.${dtype}`;
const lockName = 'ai-notes-model-download';

export const createModelDownloads = (deps: ModelDownloadsDeps): ModelDownloads => {
	const { settings, baseUrl, embedder } = deps;

	const source = async (): Promise<string> => {
		const set = await settings.get(sourceKey);
		return typeof set === 'string' ? set : hubUrl;
	};

	/** One at a time over all tabs: two would write the same beginning of a file. */
	const alone = async <T>(work: () => Promise<T>): Promise<T> =>
		deps.locks.request(lockName, { ifAvailable: true }, async (lock) => {
			if (!lock) throw new AppError('busy', 'A model is being downloaded already.');
			return work();
		}) as Promise<T>;

	const store = async (
		watch: JobWatch,
		work: (api: WorkerHandle<ModelStoreApi>['api'], tell: Tell) => Promise<StoredModel>
	): Promise<Downloaded> => {
		const worker = deps.startWorker();
		const cancel = (): void => void worker.api.cancel().catch(() => undefined);
		watch.signal?.addEventListener('abort', cancel);
		try {
			watch.signal?.throwIfAborted();
			const stored = await work(worker.api, proxy(toProgress(watch.onProgress)));
			await settings.set(recordKey(stored.modelId, stored.dtype), stored.files);
			await startAgain(embedder, stored.modelId);
			return stored;
		} finally {
			watch.signal?.removeEventListener('abort', cancel);
			worker.terminate('The download is over.');
		}
	};

	const recordOf = async (modelId: string, dtype: ModelDtype): Promise<FileRecord> =>
		((await settings.get(recordKey(modelId, dtype))) as FileRecord | undefined) ?? {};

	return {
		source,
		async setSource(address) {
			const url = address === null ? hubUrl : allowedUrl(address);
			await settings.set(sourceKey, url);
			return url;
		},
		async download({ modelId, dtype: wished, from, renew = false }, watch = {}) {
			const model = await findModel(deps.models, modelId);
			if (model.bundled) return fetchBundled(embedder, model, baseUrl);
			const dtype = wished ?? toDtype(model.dtype);
			requireSameWeights(model, dtype);
			const record = renew ? {} : await recordOf(modelId, dtype);
			const hub = from === undefined ? await source() : allowedUrl(from);
			const request = { modelId, baseUrl, dtype, from: hub, record };
			return alone(async () => store(watch, async (api, tell) => api.download(request, tell)));
		},
		async takeFiles(modelId, chosen, watch = {}) {
			const model = await findModel(deps.models, modelId);
			const files = await readModelFiles(chosen);
			const record = { ...(await recordOf(modelId, 'q8')), ...(await recordOf(modelId, 'fp32')) };
			const dtype = model.dtype !== null && model.vectors > 0 ? toDtype(model.dtype) : null;
			const request = { modelId, baseUrl, files, record, dtype };
			return alone(async () => store(watch, async (api, tell) => api.take(request, tell)));
		}
	};
};

type Tell = (progress: DownloadProgress) => void;

const toProgress =
	(onProgress: OnProgress = () => undefined): Tell =>
	({ file, doneBytes, totalBytes }) =>
		onProgress({
			step: `Downloading ${file}`,
			done: doneBytes,
			total: Math.max(totalBytes, doneBytes),
			unit: 'bytes'
		});

const allowedUrl = (address: string): string => {
	const url = parseHubUrl(address);
	if (url !== null) return url;
	throw new AppError(
		'input-invalid',
		`${address} cannot be a source of models: give an https address like ${hubUrl}`
	);
};

const findModel = async (
	models: Pick<ModelService, 'list'>,
	modelId: string
): Promise<ModelInfo> => {
	const { models: all } = await models.list();
	const found = all.find(({ id }) => id === modelId);
	if (found) return found;
	const known = all.map(({ id }) => id).join(', ');
	throw new AppError('model-missing', `There is no model ${modelId}. Known: ${known}.`);
};

const toDtype = (dtype: string | null): ModelDtype => (dtype === 'fp32' ? 'fp32' : 'q8');

/** Vectors of other weights are other vectors: that is a change of the model, not a download. */
const requireSameWeights = ({ id, dtype, vectors }: ModelInfo, wished: ModelDtype): void => {
	if (dtype === null || dtype === wished || vectors === 0) return;
	throw new AppError(
		'input-invalid',
		`The notebook has vectors of ${id} with ${dtype} weights. Remove them, or clear the files of ${id}, before you take others.`
	);
};

const fetchBundled = async (
	embedder: Embedder,
	{ id }: ModelInfo,
	baseUrl: string
): Promise<Downloaded> => {
	const bytes = await (await embedder.worker()).fetchModel(baseUrl, id);
	await startAgain(embedder, id);
	return { modelId: id, bytes, from: baseUrl };
};

/** The model in use may have waited for its files. */
const startAgain = async (embedder: Embedder, modelId: string): Promise<void> => {
	const { modelId: active, phase } = embedder.state;
	if (modelId === active && phase !== 'ready') await embedder.restart('Its files came.');
};
