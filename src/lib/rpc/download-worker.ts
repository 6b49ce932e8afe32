import type { ModelStoreApi } from '$lib/protocol/model-store-api';
import workerUrl from '$lib/workers/download.worker?worker&url';
import { startWorker, type WorkerHandle } from './worker-handle';

const untimed = new Set<keyof ModelStoreApi>(['download', 'take']);

export const startDownloadWorker = (): WorkerHandle<ModelStoreApi> =>
	startWorker<ModelStoreApi>({
		...{ url: workerUrl, name: 'model-download', untimed },
		timeoutMs: 30_000
	});
