import type { DeviceSettings } from '$lib/device/device-settings';
import {
	hubUrl,
	modelDtypes,
	parseHubUrl,
	type DownloadProgress,
	type ModelDtype,
	type StoredModel
} from '$lib/domain/model-files';
import type { JobWatch, OnProgress } from '$lib/domain/progress';
import type { ModelStoreApi } from '$lib/protocol/model-store-api';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { AppError } from '$lib/shared/app-error';
import { proxy } from 'comlink';
import { forgetOtherFiles } from './device-service';
import type { Embedder } from './embedder';
import type { ModelLock } from './model-lock';
import type { ModelRecords } from './model-records';
import type { ModelInfo, ModelService } from './model-service';
import { readModelFiles } from './read-model-files';

export interface DownloadWish {
	readonly modelId: string;
	/** Else that of the vectors in the notebook or of the files that are here, else `q8`. */
	readonly dtype?: ModelDtype | undefined;
	/** Address of a hub or mirror for this time; else the one that is set. */
	readonly from?: string | undefined;
	/** Takes the files as they are now, even if they are others than at an earlier download. */
	readonly renew?: boolean;
}

/** What is known after the files of a model came. */
export type Downloaded = Pick<StoredModel, 'modelId' | 'bytes' | 'from' | 'unknown'>;

/** Brings the files of models into this browser, when the user asks for it and never else. */
export interface ModelDownloads {
	/** The address that models come from unless another is named. */
	source(): Promise<string>;
	/** Null goes back to the Hugging Face hub. Rejects with `input-invalid` for an address that may not be asked. */
	setSource(address: string | null): Promise<string>;
	/**
	 * Fetches what is missing; a model of the app comes from the app's own address. Rejects as
	 * ModelStoreApi does, with `busy` while a tab downloads already, and with `input-invalid` for files
	 * that would make the vectors in the notebook wrong.
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
	readonly records: Pick<ModelRecords, 'of' | 'keep'>;
	readonly alone: ModelLock;
	readonly baseUrl: string;
}

const sourceKey = 'models.source';

export const createModelDownloads = (deps: ModelDownloadsDeps): ModelDownloads => {
	const { settings, records, alone, baseUrl, embedder } = deps;

	const source = async (): Promise<string> => {
		const set = await settings.get(sourceKey);
		return typeof set === 'string' ? set : hubUrl;
	};

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
			await records.keep(stored);
			await forgetOtherFiles(settings, stored);
			await startAgain(embedder, stored.modelId);
			return stored;
		} finally {
			watch.signal?.removeEventListener('abort', cancel);
			worker.terminate('The download is over.');
		}
	};

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
			const dtype = wished ?? weightsOf(model) ?? toDtype(model.dtype);
			requireSameWeights(model, dtype);
			const record = renew ? {} : await records.of(modelId, dtype);
			const hub = from === undefined ? await source() : allowedUrl(from);
			const request = { modelId, baseUrl, dtype, from: hub, record, ...revisionsOf(model) };
			return alone(async () => store(watch, async (api, tell) => api.download(request, tell)));
		},
		async takeFiles(modelId, chosen, watch = {}) {
			const model = await findModel(deps.models, modelId);
			const files = await readModelFiles(chosen);
			const recorded = {
				q8: await records.of(modelId, 'q8'),
				fp32: await records.of(modelId, 'fp32')
			};
			const dtype = weightsOf(model);
			const request = { modelId, baseUrl, files, records: recorded, dtype, ...revisionsOf(model) };
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

/** Of the vectors in the notebook, whether files are here or were cleared. */
const weightsOf = ({ vectorVersions }: ModelInfo): ModelDtype | null =>
	modelDtypes.find((each) => vectorVersions[0]?.dtype === each) ?? null;

const revisionsOf = ({ vectorVersions }: ModelInfo): { readonly revisions: readonly string[] } => ({
	revisions: vectorVersions.map(({ revision }) => revision)
});

/** Vectors of other weights are other vectors: that is a change of the model, not a download. */
const requireSameWeights = ({ id, vectorVersions }: ModelInfo, wished: ModelDtype): void => {
	const kept = vectorVersions.map(({ dtype }) => dtype);
	if (kept.length === 0 || kept.includes(wished)) return;
	throw new AppError(
		'input-invalid',
		`The notebook has vectors of ${id} with ${kept.join(' and ')} weights. To take others, change to another model, remove the vectors of ${id}, then download it again.`
	);
};

const fetchBundled = async (
	embedder: Embedder,
	{ id }: ModelInfo,
	baseUrl: string
): Promise<Downloaded> => {
	const bytes = await (await embedder.worker()).fetchModel(baseUrl, id);
	await startAgain(embedder, id);
	return { modelId: id, bytes, from: baseUrl, unknown: [] };
};

/** The model in use may have waited for its files. */
const startAgain = async (embedder: Embedder, modelId: string): Promise<void> => {
	const { modelId: active, phase } = embedder.state;
	if (modelId === active && phase !== 'ready') await embedder.restart('Its files came.');
};
