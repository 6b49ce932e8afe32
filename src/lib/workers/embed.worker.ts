/// <reference lib="webworker" />
import { expose, wrap } from 'comlink';
import { createEmbedService } from '$lib/ml/embed-service';
import type { Gpu } from '$lib/ml/gpu-adapter';
import { createModelCache, openModelCache } from '$lib/ml/model-cache';
import { createOpfsParts } from '$lib/ml/store/opfs-parts';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import { announceLife } from '$lib/protocol/liveness';
import { reportUncaught } from '$lib/shared/report-uncaught';

declare const self: DedicatedWorkerGlobalScope;

installErrorTransfer();
const { api, log } = createEmbedService({
	cache: createModelCache({
		fetch: async (url) => fetch(url, { cache: 'no-cache' }),
		openCache: openModelCache,
		build: `${__APP_VERSION__}-${__APP_COMMIT__}`
	}),
	parts: createOpfsParts(),
	gpu: (navigator as { gpu?: Gpu }).gpu,
	wrapQueue: (port) => wrap<IndexQueueApi>(port) as unknown as IndexQueueApi,
	now: Date.now,
	elapsed: () => performance.now()
});
reportUncaught(self, log);
expose(api);
announceLife(self);
