import { trustedScriptUrl } from '$lib/shared/trusted-url';

/**
 * The runtime starts its threads with a plain address, which `require-trusted-types-for 'script'`
 * refuses. From here on every Worker that this thread starts goes through the app's policy: same
 * origin or not at all.
 */
export const allowRuntimeThreads = (): void => {
	const NativeWorker = globalThis.Worker;
	globalThis.Worker = class extends NativeWorker {
		constructor(url: string | URL, options?: WorkerOptions) {
			super(trustedScriptUrl(String(url)), options);
		}
	};
};
