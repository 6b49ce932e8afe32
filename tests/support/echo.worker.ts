import { expose } from 'comlink';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { announceLife } from '$lib/protocol/liveness';
import { AppError } from '$lib/shared/app-error';

/** A worker whose only talent is to answer, fail, hang or end: for the tests of rpc/worker-handle. */
const api = {
	echo: async (value: string) => Promise.resolve(value),
	fail: async (): Promise<never> =>
		Promise.reject(new AppError('storage-full', 'The disk is full.', { freeBytes: 12 })),
	hang: async () => new Promise<never>(() => undefined),
	end: async () => {
		self.close();
		return new Promise<never>(() => undefined);
	}
};

export type EchoApi = typeof api;

installErrorTransfer();
expose(api);
announceLife(self as unknown as DedicatedWorkerGlobalScope);
