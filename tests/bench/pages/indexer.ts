import type { EmbedApi, EmbedEvent } from '$lib/protocol/embed-api';
import { startEmbedWorker } from '$lib/rpc/embed-worker';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { proxy, transfer } from 'comlink';
import type { BenchNotebook } from './open-notebook';

/** The app's own embed worker at work on the queue of a notebook. */
export interface Indexer {
	/** Milliseconds until this many passages were embedded and the loop was idle again. */
	workUntilIdle(passages: number): Promise<number>;
	end(): void;
}

export const startIndexer = async (
	notebook: BenchNotebook,
	modelId: string,
	threads: number
): Promise<Indexer> => {
	const { api, terminate } = startEmbedWorker();
	const listeners = new Set<(event: EmbedEvent) => void>();
	await api.subscribe(proxy((event: EmbedEvent) => listeners.forEach((each) => each(event))));
	const request = { modelId, baseUrl: `${location.origin}/`, threads };
	const loaded = await api.loadModel({ ...request, device: 'wasm', allowSoftwareAdapter: false });
	const { port1, port2 } = new MessageChannel();
	await notebook.api.connectEmbedder(transfer(port1, [port1]));
	await api.connectIndexQueue(transfer(port2, [port2]));
	await notebook.api.setEmbeddingVersion(loaded.version);
	return {
		workUntilIdle: async (passages) => work(api, listeners, passages),
		end: () => terminate('the race is over')
	};
};

const work = async (
	api: WorkerHandle<EmbedApi>['api'],
	listeners: Set<(event: EmbedEvent) => void>,
	passages: number
): Promise<number> => {
	const idle = Promise.withResolvers<void>();
	let done = 0;
	const listener = (event: EmbedEvent): void => {
		if (event.type === 'passages-embedded') done += event.passages;
		if (event.type === 'broken') idle.reject(new Error(event.message));
		if (event.type !== 'indexing' || event.state !== 'idle') return;
		if (done >= passages) idle.resolve();
		else void api.wake(); // notes of an import are still being cut into passages
	};
	listeners.add(listener);
	const startedMs = performance.now();
	await api.wake();
	await idle.promise;
	listeners.delete(listener);
	if (done !== passages) throw new Error(`${done} of ${passages} passages were embedded`);
	return performance.now() - startedMs;
};
