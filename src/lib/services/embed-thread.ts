import type { Device, EmbedApi, EmbedEvent, LoadedModel } from '$lib/protocol/embed-api';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { proxy, transfer } from 'comlink';
import type { EmbedderDeps, WorkerCalls } from './embedder';
import type { IdleTimer } from './idle-timer';

type Thread = WorkerHandle<EmbedApi>;

/** A thread that is asked is not idle: a download may take longer than anybody waits for a question. */
export const callsOf = ({ api }: Thread, { during }: IdleTimer): WorkerCalls => ({
	listModels: async (baseUrl) => during(api.listModels(baseUrl)),
	fetchModel: async (baseUrl, modelId) => during(api.fetchModel(baseUrl, modelId)),
	clearModelCache: async (modelId) => during(api.clearModelCache(modelId))
});

/** A thread of its own whose events and death are heard. Rejects, and leaves none, when it does not answer. */
export const startListening = async (
	start: () => Thread,
	onEvent: (from: Thread, event: EmbedEvent) => void,
	onDeath: (from: Thread, reason: string) => void
): Promise<Thread> => {
	const fresh = start();
	try {
		await fresh.api.subscribe(proxy((event: EmbedEvent) => onEvent(fresh, event)));
	} catch (thrown) {
		fresh.terminate('It did not answer.');
		throw thrown;
	}
	void fresh.died.then((reason) => onDeath(fresh, reason.message));
	return fresh;
};

interface LoadOrder {
	readonly modelId: string;
	readonly device: Device;
	readonly batchSize: number | null;
}

/** Loads the model in this thread and joins it to the notebook, which is told what version runs. */
export const loadAndConnect = async (
	{ notebook, register, baseUrl, threads, allowSoftwareAdapter }: EmbedderDeps,
	{ api }: Thread,
	{ modelId, device, batchSize }: LoadOrder,
	/** Throws when another thread took its place meanwhile. */
	assertInUse: () => void
): Promise<LoadedModel> => {
	const loaded = await api.loadModel({ modelId, device, baseUrl, threads, allowSoftwareAdapter });
	await api.setBatchSize(batchSize);
	assertInUse();
	// Vectors never cross the page: the two workers get the ends of one channel.
	const { port1, port2 } = new MessageChannel();
	await notebook.db.connectEmbedder(transfer(port1, [port1]));
	await api.connectIndexQueue(transfer(port2, [port2]));
	assertInUse();
	await register(loaded.version);
	return loaded;
};
