import type { ServiceWorkerState } from '$lib/domain/health-device';

/** Whether this page runs from the kept copy of the app, and whether a newer one waits. */
export const readServiceWorkerState = async (
	container: Pick<ServiceWorkerContainer, 'controller' | 'getRegistration'> | undefined
): Promise<ServiceWorkerState> => {
	if (!container) return 'unsupported';
	if (!container.controller) return 'not-in-use';
	const registration = await container.getRegistration();
	return registration?.waiting ? 'update-waiting' : 'current';
};

/** Whether this page runs from the kept copy of the app, with the runtime of the models kept too. */
export const isKeptForOffline = async (): Promise<boolean> => {
	const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
	if (!container?.controller) return false;
	const engines = (await caches.keys()).filter((name) => name.startsWith('ai-notes-engine'));
	const kept = await Promise.all(engines.map(async (name) => (await caches.open(name)).keys()));
	return kept.flat().some(({ url }) => url.endsWith('.wasm'));
};
