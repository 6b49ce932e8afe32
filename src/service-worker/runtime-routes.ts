import type { WorkboxPlugin } from 'workbox-core/types';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkOnly } from 'workbox-strategies';
import { withSecurityHeaders } from './security-headers';

declare const self: ServiceWorkerGlobalScope;

/** Named by its scope: two copies of the app may share a host. */
const engineCache = `ai-notes-engine-${self.registration.scope}`;

export const secureAnswers: WorkboxPlugin = {
	handlerWillRespond: async ({ request, response }) =>
		withSecurityHeaders(response, new URL(request.url).pathname)
};

const cacheOnlyGood: WorkboxPlugin = {
	cacheWillUpdate: async ({ response }) => (response.status === 200 ? response : null)
};

/** The model runtime: tens of megabytes, of which a device needs one variant. Kept on first use. */
export const keepModelRuntime = (enginePaths: readonly string[]): void => {
	const engine = new Set(enginePaths.map(toHref));
	const strategy = new CacheFirst({
		cacheName: engineCache,
		plugins: [cacheOnlyGood, secureAnswers],
		matchOptions: { ignoreVary: true }
	});
	registerRoute(({ url }) => engine.has(url.origin + url.pathname), strategy);
	registerRoute(
		({ request, sameOrigin }) =>
			sameOrigin && (request.mode === 'navigate' || request.destination === 'worker'),
		new NetworkOnly({ plugins: [secureAnswers] })
	);
};

/** Fetches the runtime variants that the page named, so that the next start needs no network. */
export const warmModelRuntime = async (
	enginePaths: readonly string[],
	device: 'webgpu' | 'wasm'
): Promise<void> => {
	// WASM is the way out when a graphics adapter disappears, so its variant is always kept.
	const wanted = enginePaths.filter((path) => device === 'webgpu' || !path.includes('.jspi'));
	const cache = await caches.open(engineCache);
	for (const href of wanted.map(toHref)) {
		if (!(await cache.match(href, { ignoreVary: true }))) await cache.add(href);
	}
};

/** Variants of older versions of the app are not needed any more. */
export const dropOldModelRuntime = async (enginePaths: readonly string[]): Promise<void> => {
	const current = new Set(enginePaths.map(toHref));
	const cache = await caches.open(engineCache);
	for (const request of await cache.keys()) {
		if (!current.has(request.url)) await cache.delete(request, { ignoreVary: true });
	}
};

const toHref = (path: string): string => new URL(path, self.location.href).href;
