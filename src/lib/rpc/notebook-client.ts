import type { DbApi, DbEvent, OpenReport, OpenRequest } from '$lib/protocol/db-api';
import { createStopSignal, raiseStop } from '$lib/protocol/stop-signal';
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
	/^(get|list|checkVectors|sample|suggestTags|read|search|related|embeddingStatus|indexProgress|facts|storageUse|createNote|saveNote|trashNote|untrashNote|setSetting|setIdle|setExcludedTags|setEmbeddingVersion|setNextModel|switchVectors|databaseSize)/;

/**
 * A client of the db worker that outlives the worker: when the thread dies or its file handles are
 * lost it starts a new one, opens the same notebook and repeats once what may be repeated.
 */
export const createNotebookClient = (startWorker: () => WorkerHandle<DbApi>): NotebookClient =>
	new RestartingClient(startWorker);

type AnyCall = (...args: readonly unknown[]) => Promise<unknown>;

class RestartingClient implements NotebookClient {
	readonly #events = createEmitter<DbEvent>();
	readonly #restarted = createEmitter<OpenReport>();
	readonly #lost = createEmitter<AppError>();
	#current: Promise<Connection> | null = null;
	#replacing: Promise<void> = Promise.resolve();
	readonly #stopSignal = createStopSignal();

	readonly db = new Proxy({} as DbClient & object, {
		get: (_, method) =>
			typeof method !== 'string' || method === 'then'
				? undefined
				: async (...args: readonly unknown[]) => this.#call(method, args, true)
	});
	readonly onEvent = this.#events.subscribe;
	readonly onRestarted = this.#restarted.subscribe;
	readonly onLost = this.#lost.subscribe;

	constructor(private readonly startWorker: () => WorkerHandle<DbApi>) {}

	async open(request: OpenRequest): Promise<OpenReport> {
		return (await this.#take(this.#connect(request))).report;
	}

	async close(): Promise<void> {
		const connection = await this.#current?.catch(() => null);
		this.#current = null;
		if (!connection) return;
		await connection.handle.api.close().catch(() => undefined);
		connection.handle.terminate('The notebook was closed.');
	}

	/** Makes this the current connection, unless it fails. */
	async #take(next: Promise<Connection>): Promise<Connection> {
		this.#current = next;
		try {
			return await next;
		} catch (error) {
			if (this.#current === next) this.#current = null;
			throw error;
		}
	}

	async #connect(request: OpenRequest): Promise<Connection> {
		const handle = this.startWorker();
		try {
			await handle.api.subscribe(proxy((event: DbEvent) => this.#events.emit(event)));
			const report = await handle.api.open({ ...request, stopSignal: this.#stopSignal });
			void handle.died.then(() => (this.#replacing = this.#replace(handle, request)));
			return { handle, report };
		} catch (error) {
			handle.terminate('The notebook did not open.');
			throw toAppError(error);
		}
	}

	async #replace(dead: WorkerHandle<DbApi>, request: OpenRequest): Promise<void> {
		const connection = await this.#current?.catch(() => null);
		if (connection?.handle !== dead) return; // closed on purpose
		const again = { ...request, expectExisting: true, startEmpty: false, waitForLockMs: 5_000 };
		try {
			this.#restarted.emit((await this.#take(this.#connect(again))).report);
		} catch (error) {
			this.#lost.emit(toAppError(error));
		}
	}

	async #call(method: string, args: readonly unknown[], retry: boolean): Promise<unknown> {
		if (!this.#current) throw new AppError('db-closed', 'The notebook is not open in this tab.');
		// A worker in the midst of a statement reads no message.
		if (method === 'cancelCheck') raiseStop(this.#stopSignal);
		const { handle } = await this.#current;
		const api = handle.api as unknown as Record<string, AnyCall>;
		try {
			return await api[method]?.(...args);
		} catch (error) {
			if (isAppError(error, 'handle-lost')) handle.terminate(error.message);
			else if (!isAppError(error, 'worker-died')) throw error;
			if (!retry || !repeatable.test(method)) throw error;
			await handle.died;
			await this.#replacing;
			return this.#call(method, args, false);
		}
	}
}
