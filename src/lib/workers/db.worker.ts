/// <reference lib="webworker" />
import { createDbService } from '$lib/db/db-service';
import { openNotebook } from '$lib/db/maintenance/open-notebook';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { announceLife } from '$lib/protocol/liveness';
import { reportUncaught } from '$lib/shared/report-uncaught';
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

reportUncaught(self, log);
expose(api);
announceLife(self);
