import { proxy } from 'comlink';
import type { EmbedApi, EmbedEvent, LoadedModel, LoadModelRequest } from '$lib/protocol/embed-api';
import { startEmbedWorker } from '$lib/rpc/embed-worker';
import type { WorkerHandle } from '$lib/rpc/worker-handle';

export const aLoadRequest = (change: Partial<LoadModelRequest> = {}): LoadModelRequest => ({
	modelId: 'use-lite',
	device: 'wasm',
	baseUrl: `${location.origin}/`,
	threads: 1,
	allowSoftwareAdapter: false,
	...change
});

export interface TestModel {
	readonly api: WorkerHandle<EmbedApi>['api'];
	readonly loaded: LoadedModel;
	readonly events: readonly EmbedEvent[];
	/** Resolves when an event of this kind has come. */
	seen(isIt: (event: EmbedEvent) => boolean): Promise<void>;
	end(): void;
}

/** The real worker with the real model. */
export const startTestModel = async (request = aLoadRequest()): Promise<TestModel> => {
	const { api, terminate } = startEmbedWorker();
	const events: EmbedEvent[] = [];
	const waiting = new Set<() => void>();
	const listener = (event: EmbedEvent): void => {
		events.push(event);
		for (const check of [...waiting]) check();
	};
	await api.subscribe(proxy(listener));
	const loaded = await api.loadModel(request);
	const seen: TestModel['seen'] = async (isIt) =>
		new Promise((resolve) => {
			const check = (): void => {
				if (events.some(isIt)) resolve();
			};
			waiting.add(check);
			check();
		});
	return { api, loaded, events, seen, end: () => terminate('the test is over') };
};
