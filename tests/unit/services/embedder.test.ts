import type { EmbedApi, EmbedEvent } from '$lib/protocol/embed-api';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { createEmbedder } from '$lib/services/embedder-service';
import { AppError } from '$lib/shared/app-error';
import { createLogger } from '$lib/shared/logger';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

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
	/** Ends the fetch of a model's files. */
	readonly fetched: Deferred<number>;
	terminated: string | null;
	/** How often it was told to look at the queue. */
	woken: number;
	tell(event: EmbedEvent): void;
}

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Workers that load for as long as the test wants; `registered` tells what the notebook was told. */
const createWorld = (devices: readonly ('webgpu' | 'wasm')[] | null = ['wasm']) => {
	const workers: FakeWorker[] = [];
	const registered: string[] = [];
	const ports: MessagePort[] = [];
	const nothing = (): (() => void) => () => undefined;
	const startWorker = (): WorkerHandle<EmbedApi> => {
		const died = defer<AppError>();
		const loaded = defer<void>();
		const fetched = defer<number>();
		loaded.promise.catch(() => undefined);
		const place = workers.length;
		const listeners = new Set<(event: EmbedEvent) => void>();
		const done = async (): Promise<void> => Promise.resolve();
		const api = {
			...{ setBatchSize: done, stop: done },
			subscribe: async (listener: (event: EmbedEvent) => void) =>
				Promise.resolve(void listeners.add(listener)),
			wake: async () => Promise.resolve(void (worker.woken += 1)),
			embedQuery: async () => Promise.resolve([1]),
			fetchModel: async () => fetched.promise,
			connectIndexQueue: async (port: MessagePort) => Promise.resolve(void ports.push(port)),
			loadModel: async ({ modelId, device }: { modelId: string; device: string }) => {
				await loaded.promise;
				const version = { modelId, revision: String(place), dtype: 'q8', dimensions: 8 };
				return { version, device, loadMs: 1, selfTestCosine: 1 };
			}
		} as unknown as WorkerHandle<EmbedApi>['api'];
		const worker: FakeWorker = {
			loaded,
			fetched,
			terminated: null,
			woken: 0,
			tell: (event) => listeners.forEach((listener) => listener(event)),
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
		devices: async () =>
			devices ? Promise.resolve(devices) : Promise.reject(new Error('not loaded')),
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

test('where nobody can say which devices there are, the model starts on the one that is everywhere', async () => {
	const { embedder, workers, close } = createWorld(null);
	const starting = embedder.start();
	await vi.waitFor(() => expect(workers).toHaveLength(1));
	workers[0]?.loaded.resolve();
	await starting;
	expect(embedder.state).toMatchObject({ phase: 'ready', device: 'wasm' });
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

describe('a model that nobody asks anything', () => {
	beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
	afterEach(() => vi.useRealTimers());

	const startReady = async () => {
		const world = createWorld();
		const starting = world.embedder.start();
		await turn();
		world.workers[0]?.loaded.resolve();
		await starting;
		return world;
	};

	test('gives its memory back after five minutes, and the next question starts it', async () => {
		const { embedder, workers, close } = await startReady();
		vi.advanceTimersByTime(5 * 60_000 - 1);
		expect(workers[0]?.terminated).toBeNull();
		vi.advanceTimersByTime(1);
		expect(workers[0]?.terminated).not.toBeNull();
		expect(embedder.state).toMatchObject({ phase: 'ready', isAsleep: true });
		const answers = [embedder.embedQuery('a'), embedder.embedQuery('b')];
		await turn();
		workers[1]?.loaded.resolve();
		expect(await Promise.all(answers)).toMatchObject([{ vector: [1] }, { vector: [1] }]);
		expect(workers).toHaveLength(2);
		expect(embedder.state).toMatchObject({ phase: 'ready', isAsleep: false });
		close();
	});

	test('is started again by a note that waits to be read', async () => {
		const { embedder, workers, close } = await startReady();
		vi.advanceTimersByTime(5 * 60_000);
		embedder.wake();
		await turn();
		workers[1]?.loaded.resolve();
		await turn();
		expect(workers[1]?.woken).toBeGreaterThan(0);
		close();
	});

	test('keeps its thread while it is asked, and while it reads the notes', async () => {
		const { embedder, workers, close } = await startReady();
		vi.advanceTimersByTime(4 * 60_000);
		await embedder.embedQuery('a');
		vi.advanceTimersByTime(4 * 60_000);
		workers[0]?.tell({ type: 'indexing', state: 'working' });
		vi.advanceTimersByTime(60 * 60_000);
		expect(workers[0]?.terminated).toBeNull();
		workers[0]?.tell({ type: 'indexing', state: 'idle' });
		vi.advanceTimersByTime(5 * 60_000);
		expect(workers[0]?.terminated).not.toBeNull();
		close();
	});

	test('keeps its thread while files of a model are fetched, however long that takes', async () => {
		const { embedder, workers, close } = await startReady();
		const fetching = (await embedder.worker()).fetchModel('', 'use-lite');
		vi.advanceTimersByTime(60 * 60_000);
		expect(workers[0]?.terminated).toBeNull();
		workers[0]?.fetched.resolve(7);
		expect(await fetching).toBe(7);
		vi.advanceTimersByTime(5 * 60_000);
		expect(workers[0]?.terminated).not.toBeNull();
		close();
	});

	test('once stopped it stays stopped', async () => {
		const { embedder, workers, close } = await startReady();
		vi.advanceTimersByTime(5 * 60_000);
		await embedder.stop('The notebook is not open in this tab.');
		expect(await embedder.embedQuery('a')).toBeNull();
		expect(workers).toHaveLength(1);
		close();
	});
});
