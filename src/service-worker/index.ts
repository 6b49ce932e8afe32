/// <reference lib="webworker" />
import type { PrecacheEntry } from 'workbox-precaching';
import { answerEndpoints } from './health-endpoints';
import { keepAppShell } from './precache';
import { remindOfOverdue } from './reminder';
import { dropOldModelRuntime, keepModelRuntime, warmModelRuntime } from './runtime-routes';

declare const self: ServiceWorkerGlobalScope & {
	/** Filled in by tools/build-service-worker.ts. */
	readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[];
};
declare const __ENGINE_PATHS__: readonly string[];

type Message =
	| { readonly type: 'SKIP_WAITING' }
	| { readonly type: 'count-windows' }
	| { readonly type: 'warm'; readonly device: 'webgpu' | 'wasm' };

answerEndpoints((url) => isAppWindow(url));
keepAppShell(self.__WB_MANIFEST);
keepModelRuntime(__ENGINE_PATHS__);
remindOfOverdue();

self.addEventListener('activate', (event) =>
	event.waitUntil(dropOldModelRuntime(__ENGINE_PATHS__))
);

self.addEventListener('message', (event) => {
	const message = event.data as Message;
	// Only when somebody asked for it: a new version never takes over by itself.
	if (message.type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
	if (message.type === 'count-windows') event.waitUntil(answer(event, countWindows()));
	if (message.type === 'warm') {
		event.waitUntil(answer(event, warmModelRuntime(__ENGINE_PATHS__, message.device)));
	}
});

/** Open windows that run the app: each has to agree before a new version takes over. */
const countWindows = async (): Promise<number> => {
	const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
	return windows.filter(({ url }) => isAppWindow(url)).length;
};

/** Not the rescue page, nor a picture or file that somebody looks at: they hold no edits. */
const isAppWindow = (url: string): boolean =>
	url.startsWith(self.registration.scope) && !/\.[^/]*$/.test(new URL(url).pathname);

const answer = async (event: ExtendableMessageEvent, result: Promise<unknown>): Promise<void> => {
	try {
		event.ports[0]?.postMessage({ ok: true, value: await result });
	} catch (error) {
		event.ports[0]?.postMessage({ ok: false, value: String(error) });
	}
};
