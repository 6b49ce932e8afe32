import { resolve } from '$app/paths';
import { defaultModelId, modelOfSetting, versionSetting } from '$lib/domain/embedding-version';
import { parseUpgrade, upgradeSetting } from '$lib/domain/model-upgrade';
import { startDownloadWorker } from '$lib/rpc/download-worker';
import { startEmbedWorker } from '$lib/rpc/embed-worker';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import type { Embedder } from '$lib/services/embedder';
import { createEmbedder } from '$lib/services/embedder-service';
import type { LatencyRecorder } from '$lib/services/latency-recorder';
import { createDeviceService, type DeviceService } from '$lib/services/device-service';
import { createModelDownloads, type ModelDownloads } from '$lib/services/model-downloads';
import { createModelLock } from '$lib/services/model-lock';
import { createModelRecords } from '$lib/services/model-records';
import { createModelService, type ModelService } from '$lib/services/model-service';
import { detectDevices } from './detect-devices';
import type { DeviceStore } from './device-store';

/** What runs models, lists them and brings their files here. */
export interface ModelServices {
	readonly embedder: Embedder;
	/** Runs the model that is to come, while the model is being changed. */
	readonly nextEmbedder: Embedder;
	readonly models: ModelService;
	readonly downloads: ModelDownloads;
	readonly modelDevice: DeviceService;
}

export const createModels = (
	notebook: NotebookClient,
	device: DeviceStore,
	latencies: LatencyRecorder
): ModelServices => {
	const embedder = createPageEmbedder(notebook, device, latencies);
	const files = {
		...{ embedder, baseUrl: baseUrl(), alone: createModelLock(navigator.locks) },
		records: createModelRecords(device.settings)
	};
	const models = createModelService({ ...files, db: notebook.db });
	const downloads = createModelDownloads({
		...{ ...files, models, settings: device.settings },
		startWorker: startDownloadWorker
	});
	return {
		...{ embedder, nextEmbedder: createNextEmbedder(notebook, device), models, downloads },
		modelDevice: createDevices(device)
	};
};

/** The app's folder, with a slash at the end. */
export const baseUrl = (): string => new URL(resolve('/'), location.href).href;

/** Tests on machines without a graphics card set this key to reach the WebGPU path. */
const allowsSoftwareAdapter = (): boolean =>
	localStorage.getItem('ai-notes:software-adapter') === 'yes';

const createPageEmbedder = (
	notebook: NotebookClient,
	device: DeviceStore,
	{ record }: LatencyRecorder
): Embedder =>
	createEmbedder({
		...embedderParts(notebook, device),
		modelId: async () => modelOfSetting(await notebook.db.getSetting(versionSetting)),
		register: async (version) => notebook.db.setEmbeddingVersion(version),
		onEmbedded: (passages, tookMs) => record('index', tookMs / passages, passages)
	});

/** What it embeds goes into the set of the model that is to come; it is started by the upgrade alone. */
const createNextEmbedder = (notebook: NotebookClient, device: DeviceStore): Embedder =>
	createEmbedder({
		...embedderParts(notebook, device),
		modelId: async () =>
			parseUpgrade(await notebook.db.getSetting(upgradeSetting))?.to ?? defaultModelId,
		register: async (version) => notebook.db.setNextModel(version),
		onEmbedded: () => undefined
	});

const createDevices = ({ settings }: DeviceStore): DeviceService =>
	createDeviceService({
		...{ settings, startWorker: startEmbedWorker, baseUrl: baseUrl(), threads: threadCount() },
		candidates: async () => detectDevices(allowsSoftwareAdapter()),
		allowSoftwareAdapter: allowsSoftwareAdapter(),
		now: Date.now,
		elapsed: () => performance.now()
	});

const threadCount = (): number =>
	globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 4) : 1;

const embedderParts = (notebook: NotebookClient, device: DeviceStore) => ({
	notebook,
	startWorker: startEmbedWorker,
	baseUrl: baseUrl(),
	devices: async (modelId: string) => createDevices(device).order(modelId),
	threads: threadCount(),
	allowSoftwareAdapter: allowsSoftwareAdapter(),
	log: device.loggerFor('model'),
	onLog: device.logs.add
});
