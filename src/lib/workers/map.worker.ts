/// <reference lib="webworker" />
import { layoutNotes } from '$lib/ml/layout-notes';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { announceLife } from '$lib/protocol/liveness';
import type { MapApi } from '$lib/protocol/map-api';
import { expose } from 'comlink';

declare const self: DedicatedWorkerGlobalScope;

installErrorTransfer();
const api: MapApi = {
	layout: ({ seed, ...matrix }, onProgress) =>
		Promise.resolve(layoutNotes(matrix, seed, onProgress))
};
expose(api);
announceLife(self);
