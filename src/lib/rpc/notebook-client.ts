import type { DbApi, DbEvent, OpenReport, OpenRequest } from '$lib/protocol/db-api';
import { AppError, isAppError, toAppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { proxy } from 'comlink';
import type { Promised, WorkerHandle } from './worker-handle';

/** Everything the page asks of the database, whatever worker answers it at the moment. */
export type DbClient = Omit<Promised<DbApi>, 'open' | 'close' | 'subscribe'>;

export interface NotebookClient {
	readonly db: DbClient;
	/** Starts a worker and opens the notebook. On failure the worker is gone again. */
	open(request: OpenRequest): Promise<OpenReport>;
	/** Flushes, closes the file, gives the lock back. Harmless when not open. */
	close(): Promise<void>;
	onEvent(listener: (event: DbEvent) => void): () => void;
	/** A dead worker was replaced: ports given to the old one are gone. */
	onRestarted(listener: (report: OpenReport) => void): () => void;
	/** A dead worker could not be replaced. */
	onLost(listener: (error: AppError) => void): () => void;
}

interface Connection {
	readonly handle: WorkerHandle<DbApi>;
	readonly report: OpenReport;
}

/** Calls that may be sent again after the worker died: reads, and writes that carry a write id. */
const repeatable =
	/^(get|list|read|search|related|embeddingStatus|indexProgress|facts|storageUse|createNote|saveNote|trashNote|untrashNote|setSetting|setEmbeddingVersion|databaseSize)/;

/**
 * A client of the db worker that outlives the worker: when the thread dies or its file handles are
 * lost it starts a new one, opens the same notebook and repeats what may be repeated once.
 */
export const createNotebookClient = (startWorker: () => WorkerHandle<DbApi>): NotebookClient => {
	const events = createEmitter<DbEvent>();
	const restarted = createEmitter<OpenReport>();
	const lost = createEmitter<AppError>();
	let current: Promise<Connection> | null = null;
	let replacing: Promise<void> = Promise.resolve();

	const connect = async (request: OpenRequest): Promise<Connection> => {
		const handle = startWorker();
		try {
			await handle.api.subscribe(proxy((event: DbEvent) => events.emit(event)));
			const report = await handle.api.open(request);
			void handle.died.then(() => (replacing = replace(handle, request)));
			return { handle, report };
		} catch (error) {
			handle.terminate('The notebook did not open.');
			throw toAppError(error);
		}
	};

	const replace = async (dead: WorkerHandle<DbApi>, request: OpenRequest): Promise<void> => {
		const connection = await current?.catch(() => null);
		if (connection?.handle !== dead) return; // closed on purpose
		const next = connect({ ...request, expectExisting: true, waitForLockMs: 5_000 });
		current = next;
		try {
			restarted.emit((await next).report);
		} catch (error) {
			if (current === next) current = null;
			lost.emit(toAppError(error));
		}
	};

	const call = async (
		method: string,
		args: readonly unknown[],
		retry: boolean
	): Promise<unknown> => {
		if (!current) throw new AppError('db-closed', 'The notebook is not open in this tab.');
		const { handle } = await current;
		const api = handle.api as unknown as Record<
			string,
			(...a: readonly unknown[]) => Promise<unknown>
		>;
		try {
			return await api[method]?.(...args);
		} catch (error) {
			if (isAppError(error, 'handle-lost')) handle.terminate(error.message);
			const again = retry && repeatable.test(method);
			if (!again || !(isAppError(error, 'worker-died') || isAppError(error, 'handle-lost')))
				throw error;
			await handle.died;
			await replacing;
			return call(method, args, false);
		}
	};

	return {
		db: new Proxy({} as DbClient & object, {
			get: (_, method) =>
				typeof method !== 'string' || method === 'then'
					? undefined
					: async (...args: readonly unknown[]) => call(method, args, true)
		}),
		async open(request) {
			const next = connect(request);
			current = next;
			try {
				return (await next).report;
			} catch (error) {
				if (current === next) current = null;
				throw error;
			}
		},
		async close() {
			const connection = await current?.catch(() => null);
			current = null;
			if (!connection) return;
			await connection.handle.api.close().catch(() => undefined);
			connection.handle.terminate('The notebook was closed.');
		},
		onEvent: events.subscribe,
		onRestarted: restarted.subscribe,
		onLost: lost.subscribe
	};
};
