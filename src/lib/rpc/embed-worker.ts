import type { EmbedApi } from '$lib/protocol/embed-api';
import embedWorkerUrl from '$lib/workers/embed.worker?worker&url';
import { startWorker, type WorkerHandle } from './worker-handle';

const untimed = new Set<keyof EmbedApi>([
	'loadModel',
	'fetchModel',
	'listModels',
	'clearModelCache',
	'stop'
]);

export const startEmbedWorker = (): WorkerHandle<EmbedApi> =>
	startWorker<EmbedApi>({ url: embedWorkerUrl, name: 'embed', untimed, timeoutMs: 30_000 });
