import type { DbApi } from '$lib/protocol/db-api';
import { startDbWorker } from '$lib/rpc/db-worker';
import type { WorkerHandle } from '$lib/rpc/worker-handle';

export interface BenchNotebook {
	readonly api: WorkerHandle<DbApi>['api'];
	close(): Promise<void>;
}

/** The app's own db worker on a notebook that did not exist before. */
export const openFreshNotebook = async (): Promise<BenchNotebook> => {
	const { api, terminate } = startDbWorker();
	const notebook = `bench-${crypto.randomUUID().slice(0, 8)}`;
	await api.open({ notebook, appVersion: 'bench', waitForLockMs: 0, expectExisting: false });
	return {
		api,
		async close() {
			await api.close();
			terminate('the round is over');
		}
	};
};
