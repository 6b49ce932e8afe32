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
