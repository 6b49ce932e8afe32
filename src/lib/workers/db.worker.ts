/// <reference lib="webworker" />
import { createDbService } from '$lib/db/db-service';
import { openNotebook } from '$lib/db/maintenance/open-notebook';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { announceLife } from '$lib/protocol/liveness';
import { toAppError } from '$lib/shared/app-error';
import { expose } from 'comlink';

declare const self: DedicatedWorkerGlobalScope;

installErrorTransfer();

const { api, log } = createDbService({
	openNotebook,
	exposeQueue: expose,
	now: Date.now,
	elapsed: () => performance.now(),
	newId: () => crypto.randomUUID(),
	pause: (waitMs) => new Promise((resolve) => setTimeout(resolve, waitMs))
});

const report = (thrown: unknown): void => {
	const { code, message } = toAppError(thrown);
	log.error('uncaught in the database thread', { code, reason: message });
};
self.addEventListener('error', (event) => report(event.error ?? event.message));
self.addEventListener('unhandledrejection', (event) => report(event.reason));

expose(api);
announceLife(self);
