import type { DeviceSettings } from '$lib/device/device-settings';
import {
	orderDevices,
	parseMeasurement,
	type DeviceMeasurement,
	type DeviceResult,
	type ModelDevice
} from '$lib/domain/device-measurement';
import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import type { StoredModel } from '$lib/domain/model-files';
import type { OnProgress } from '$lib/domain/progress';
import type { EmbedApi } from '$lib/protocol/embed-api';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { toAppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';

/** Finds out what runs models best on this machine, and remembers it. */
export interface DeviceService {
	/** Null when it was never measured here. */
	last(): Promise<DeviceMeasurement | null>;
	/** Tries both with this model, each in a thread of its own. Never rejects for one that does not work. */
	measure(modelId: string, onProgress?: OnProgress): Promise<DeviceMeasurement>;
	/** Candidates in the order to try with this model. */
	order(modelId: string): Promise<readonly ModelDevice[]>;
}

export interface DeviceServiceDeps {
	readonly startWorker: () => WorkerHandle<EmbedApi>;
	readonly settings: DeviceSettings;
	/** Devices worth trying, best first; `wasm` is always the last. */
	readonly candidates: () => Promise<readonly ModelDevice[]>;
	readonly baseUrl: string;
	readonly threads: number;
	readonly allowSoftwareAdapter: boolean;
	readonly now: Clock;
	readonly elapsed: Clock;
}

const settingKey = 'models.device';
/** The processor first: what a stored model says there is what the graphics card is compared with. */
const both: readonly ModelDevice[] = ['wasm', 'webgpu'];

/** Of the length of a usual passage, no two alike. */
const samples = Array.from(
	{ length: 24 },
	(_, i) =>
		`Passage ${i}: the garden needs water in the evening, the letters are in the second drawer, ` +
		'the train to the mountains leaves at seven from the other station, and the soup wants more salt.'
);

export const createDeviceService = (deps: DeviceServiceDeps): DeviceService => {
	const last = async (): Promise<DeviceMeasurement | null> =>
		parseMeasurement(await deps.settings.get(settingKey));
	return {
		last,
		async measure(modelId, onProgress = () => undefined) {
			const results: DeviceResult[] = [];
			let versionKey: string | null = null;
			for (const device of both) {
				onProgress({ step: `Trying ${words[device]}`, done: results.length, total: both.length });
				const { result, version } = await tryDevice(deps, modelId, device);
				results.push(result);
				versionKey ??= version && toVersionKey(version);
			}
			const measurement = { modelId, versionKey, atMs: deps.now(), results };
			await deps.settings.set(settingKey, measurement);
			return measurement;
		},
		order: async (modelId) => orderDevices(await deps.candidates(), await last(), modelId)
	};
};

/** Other files of the model that was measured may run better elsewhere. */
export const forgetOtherFiles = async (
	settings: DeviceSettings,
	{ modelId, revision, dtype }: Pick<StoredModel, 'modelId' | 'revision' | 'dtype'>
): Promise<void> => {
	const measured = parseMeasurement(await settings.get(settingKey));
	if (measured?.modelId !== modelId) return;
	const isOfThese = measured.versionKey?.startsWith(`${modelId}@${revision}/${dtype}/`);
	if (isOfThese !== true) await settings.set(settingKey, null);
};

interface Tried {
	readonly result: DeviceResult;
	readonly version: EmbeddingVersion | null;
}

const words = { webgpu: 'the graphics card', wasm: 'the processor' } as const;

const tryDevice = async (
	deps: DeviceServiceDeps,
	modelId: string,
	device: ModelDevice
): Promise<Tried> => {
	const { baseUrl, threads, allowSoftwareAdapter } = deps;
	const { api, terminate } = deps.startWorker();
	try {
		const request = { modelId, device, baseUrl, threads, allowSoftwareAdapter };
		const { version, loadMs, selfTestCosine } = await api.loadModel(request);
		await api.embedPassages(samples.slice(0, 4)); // the first run compiles
		const startedAt = deps.elapsed();
		await api.embedPassages(samples);
		const seconds = (deps.elapsed() - startedAt) / 1_000;
		const passagesPerSecond = samples.length / Math.max(seconds, 0.001);
		const figures = { loadMs, selfTestCosine, passagesPerSecond };
		return { version, result: { device, works: true, ...figures, reason: null } };
	} catch (thrown) {
		const none = { loadMs: null, selfTestCosine: null, passagesPerSecond: null };
		const reason = toAppError(thrown).message;
		return { version: null, result: { device, works: false, ...none, reason } };
	} finally {
		terminate('The device was measured.');
	}
};
