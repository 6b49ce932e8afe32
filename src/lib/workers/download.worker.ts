/// <reference lib="webworker" />
import { expose } from 'comlink';
import { openModelCache } from '$lib/ml/model-cache';
import { waitOrAbort } from '$lib/ml/retry-wait';
import { createModelStore } from '$lib/ml/store/model-store';
import { createOpfsParts } from '$lib/ml/store/opfs-parts';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { announceLife } from '$lib/protocol/liveness';

declare const self: DedicatedWorkerGlobalScope;

installErrorTransfer();
expose(
	createModelStore({
		// The host learns the app's address, which CORS sends along, and nothing else of who asks.
		fetch: async (url, options) =>
			fetch(url, {
				...options,
				...{ mode: 'cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' }
			}),
		parts: createOpfsParts(),
		wait: waitOrAbort,
		openCache: openModelCache,
		build: `${__APP_VERSION__}-${__APP_COMMIT__}`,
		freeBytes: async () => {
			const { quota, usage } = await navigator.storage.estimate();
			return quota === undefined ? null : quota - (usage ?? 0);
		}
	})
);
announceLife(self);
