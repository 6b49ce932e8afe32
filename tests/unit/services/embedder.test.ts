import type { EmbedApi } from '$lib/protocol/embed-api';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { createEmbedder } from '$lib/services/embedder-service';
import { AppError } from '$lib/shared/app-error';
import { createLogger } from '$lib/shared/logger';
import { expect, test } from 'vitest';

interface Deferred<T> {
	readonly promise: Promise<T>;
	resolve(value: T): void;
	reject(reason: unknown): void;
}

const defer = <T>(): Deferred<T> => {
	let ends: Pick<Deferred<T>, 'resolve' | 'reject'> | null = null;
	const promise = new Promise<T>((resolve, reject) => (ends = { resolve, reject }));
	return {
		promise,
		resolve: (value) => ends?.resolve(value),
		reject: (reason) => ends?.reject(reason)
	};
};

interface FakeWorker {
	readonly handle: WorkerHandle<EmbedApi>;
	/** Ends the load of the model. */
	readonly loaded: Deferred<void>;
	terminated: string | null;
}

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Workers that load for as long as the test wants; `registered` tells what the notebook was told. */
const createWorld = (devices: readonly ('webgpu' | 'wasm')[] = ['wasm']) => {
	const workers: FakeWorker[] = [];
	const registered: string[] = [];
	const ports: MessagePort[] = [];
	const nothing = (): (() => void) => () => undefined;
	const startWorker = (): WorkerHandle<EmbedApi> => {
		const died = defer<AppError>();
		const loaded = defer<void>();
		loaded.promise.catch(() => undefined);
		const place = workers.length;
		const done = async (): Promise<void> => Promise.resolve();
		const api = {
			...{ subscribe: done, setBatchSize: done, wake: done, stop: done },
			connectIndexQueue: async (port: MessagePort) => Promise.resolve(void ports.push(port)),
			loadModel: async ({ modelId, device }: { modelId: string; device: string }) => {
				await loaded.promise;
				const version = { modelId, revision: String(place), dtype: 'q8', dimensions: 8 };
				return { version, device, loadMs: 1, selfTestCosine: 1 };
			}
		} as unknown as WorkerHandle<EmbedApi>['api'];
		const worker: FakeWorker = {
			loaded,
			terminated: null,
			handle: {
				...{ api, died: died.promise },
				terminate(reason) {
					worker.terminated ??= reason;
					const error = new AppError('worker-died', reason);
					loaded.reject(error);
					died.resolve(error);
				}
			}
		};
		workers.push(worker);
		return worker.handle;
	};
	const db = {
		connectEmbedder: async (port: MessagePort) => Promise.resolve(void ports.push(port))
	};
	const embedder = createEmbedder({
		notebook: { db, onRestarted: nothing, onEvent: nothing } as unknown as NotebookClient,
		startWorker,
		modelId: async () => Promise.resolve('a'),
		register: async ({ revision }) => Promise.resolve(void registered.push(revision)),
		baseUrl: '',
		devices: async () => Promise.resolve(devices),
		threads: 1,
		allowSoftwareAdapter: false,
		log: createLogger(
			'test',
			() => undefined,
			() => 0
		),
		onLog: () => undefined
	});
	const close = (): void => ports.forEach((port) => port.close());
	return { embedder, workers, registered, close };
};

test('a model that is stopped while it loads is never registered', async () => {
	const { embedder, workers, registered, close } = createWorld();
	const starting = embedder.start();
	await turn();
	await embedder.stop('Given up.');
	workers[0]?.loaded.resolve();
	await starting;
	await turn();
	expect(embedder.state.phase).toBe('stopped');
	expect(registered).toEqual([]);
	expect(workers.map(({ terminated }) => terminated !== null)).toEqual([true]);
	close();
});

test('a stop before the first worker runs holds as well', async () => {
	const { embedder, workers, registered, close } = createWorld();
	const starting = embedder.start();
	await embedder.stop('Given up.');
	await turn();
	for (const { loaded } of workers) loaded.resolve();
	await starting;
	expect(embedder.state.phase).toBe('stopped');
	expect(registered).toEqual([]);
	expect(workers.every(({ terminated }) => terminated !== null)).toBe(true);
	close();
});

test('of two starts at a time the later one runs, and neither ends the worker of the other', async () => {
	const { embedder, workers, registered, close } = createWorld();
	const first = embedder.start();
	await turn();
	const second = embedder.restart('Another model was chosen.');
	await turn();
	for (const { loaded } of workers) loaded.resolve();
	await Promise.all([first, second]);
	await turn();
	expect(embedder.state).toMatchObject({ phase: 'ready' });
	expect(workers.map(({ terminated }) => terminated !== null)).toEqual([true, false]);
	expect(registered).toEqual(['1']);
	close();
});

test('a worker that dies while it loads gives way to the next device, once', async () => {
	const { embedder, workers, registered, close } = createWorld(['webgpu', 'wasm']);
	const starting = embedder.start();
	await turn();
	workers[0]?.handle.terminate('The graphics card gave up.');
	await turn();
	workers[1]?.loaded.resolve();
	await starting;
	expect(embedder.state).toMatchObject({ phase: 'ready', device: 'wasm' });
	expect(workers).toHaveLength(2);
	expect(registered).toEqual(['1']);
	close();
});
