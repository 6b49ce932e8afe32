import { createCopyLedger } from '$lib/device/copy-ledger';
import { openDeviceDatabase, type DeviceDatabase } from '$lib/device/device-database';
import { createHealthStore } from '$lib/device/health-store';
import { createLogStore } from '$lib/device/log-store';
import { createScheduleStore } from '$lib/device/schedule-store';
import type { HealthReport } from '$lib/domain/health';
import { createModelCache } from '$lib/ml/model-cache';
import { createHealthService, type HealthServiceDeps } from '$lib/services/health-service';
import { readTaskFacts } from '$lib/services/health-signs';
import type { ModelInfo } from '$lib/services/model-service';
import { countWaitingTabs } from '$lib/services/other-tabs';
import { canReserve } from '$lib/services/reserve-space';
import { readServiceWorkerState } from '$lib/services/service-worker-state';
import { proxy } from 'comlink';
import { onTestFinished } from 'vitest';
import { idleIndexing } from './maintenance-services';
import { openIn, startNotebookWorker } from './notebook-worker';
import {
	embedEverything,
	openAppNotebook,
	writeNotes,
	type AppNotebook
} from './open-app-notebook';

/** The health checks over real stores: a notebook in OPFS, dexie, a cache of a model, locks. */
export interface HealthBench {
	readonly name: string;
	/** Fresh after each `begin`. */
	device: DeviceDatabase;
	/** Aborted when the fault is undone. */
	signal: AbortSignal;
	readonly ids: readonly string[];
	readonly modelCache: () => Promise<Cache>;
	/** What only a browser can answer, to be changed by a fault. */
	browser: {
		now: () => number;
		storage: HealthServiceDeps['storage'];
		serviceWorker: Parameters<typeof readServiceWorkerState>[0];
		modelPhase: 'ready' | 'failed';
	};
	app: AppNotebook;
	/** Before a fault of the browser alone; returns what undoes it. */
	begin(): Promise<() => void>;
	/** Runs statements behind the app's back: foreign keys off, then opens the notebook again. */
	runRaw(...statements: readonly string[]): Promise<void>;
	/** Closes the notebook, lets the files be changed, opens it again. */
	whileClosed(edit: () => Promise<void>): Promise<void>;
	check(): Promise<HealthReport>;
	/** Ids of the checks that are not fine. */
	found(): Promise<string[]>;
}

const baseUrl = 'https://notes.test/';
const modelFile = 'weights';

export const openHealthBench = async (): Promise<HealthBench> => {
	const app = await openAppNotebook();
	const ids = await writeNotes(app, 4);
	await embedEverything(app);
	await backUp(app);
	await app.db.testRestore(
		null,
		proxy(() => undefined)
	);
	const cacheName = `health-models-${crypto.randomUUID()}`;
	onTestFinished(async () => void (await caches.delete(cacheName)));
	const modelCache = async (): Promise<Cache> => caches.open(cacheName);
	const models = await keepModel(modelCache);

	const reopen = async (edit: () => Promise<void>): Promise<void> => {
		await bench.app.notebook.close();
		await edit();
		bench.app = await openAppNotebook(app.name, true);
	};
	const bench: HealthBench = {
		...{ name: app.name, device: freshDevice(), signal: AbortSignal.abort() },
		...{ ids, modelCache, browser: soundBrowser(), app },
		begin: () => {
			const undo = new AbortController();
			bench.device = freshDevice();
			bench.signal = undo.signal;
			return Promise.resolve(() => {
				undo.abort();
				bench.browser = soundBrowser();
				bench.device = freshDevice();
			});
		},
		whileClosed: reopen,
		runRaw: async (...statements) =>
			reopen(async () => {
				const worker = startNotebookWorker();
				await openIn(worker, app.name, true);
				await worker.api.run('PRAGMA foreign_keys = OFF');
				for (const sql of statements) await worker.api.run(sql);
				await worker.api.close();
				worker.kill();
			}),
		check: async () => createHealth(bench, models).run('full'),
		found: async () =>
			(await bench.check()).checks.filter(({ status }) => status !== 'ok').map(({ id }) => id)
	};
	return bench;
};

const freshDevice = (): DeviceDatabase => {
	const device = openDeviceDatabase(`health-${crypto.randomUUID()}`);
	onTestFinished(async () => {
		if (device.isOpen()) await untilUnread(device);
		await device.delete();
	});
	return device;
};

/** A read is answered before its transaction is over, and while one is open the database cannot go. */
const untilUnread = async (device: DeviceDatabase): Promise<unknown> =>
	device.transaction('rw', device.tables, async () => device.settings.count());

const soundBrowser = (): HealthBench['browser'] => ({
	now: Date.now,
	storage: navigator.storage,
	serviceWorker: undefined,
	modelPhase: 'ready'
});

export const backUp = async ({ db }: AppNotebook): Promise<string> =>
	(
		await db.createBackup(
			{ kind: 'automatic', label: '', pinned: false },
			proxy(() => undefined)
		)
	).name;

/** A model of one file in a real cache, with its hash. */
const keepModel = async (openCache: () => Promise<Cache>) => {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(modelFile));
	const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
	const files = [{ path: 'model.onnx', bytes: modelFile.length, sha256: sha256.join('') }];
	const facts = { id: 'tiny', revision: '1', dtype: 'fp32', dimensions: 2, maxTokens: 8 };
	const manifest = JSON.stringify({ ...facts, files, selfTest: [{ text: 'a', vector: [1, 0] }] });
	const cache = createModelCache({
		openCache,
		build: 'one',
		fetch: (url) => Promise.resolve(new Response(url.endsWith('files.json') ? manifest : modelFile))
	});
	await cache.load(baseUrl, 'tiny');
	return async (): Promise<readonly ModelInfo[]> => {
		const status = await cache.status(baseUrl, 'tiny');
		return [{ id: 'tiny', active: true, complete: status?.complete ?? false } as ModelInfo];
	};
};

const createHealth = (
	{ app, device, browser }: HealthBench,
	models: () => Promise<readonly ModelInfo[]>
) =>
	createHealthService({
		db: app.db,
		session: {
			current:
				app.report.state === 'ready'
					? { phase: 'ready', message: '', errorCode: null }
					: {
							phase: 'recovery',
							message: app.report.finding?.message ?? '',
							errorCode: app.report.finding?.code ?? null
						},
			report: app.report
		},
		indexing: {
			progress: idleIndexing.progress,
			model: { ...idleIndexing.model, phase: browser.modelPhase }
		},
		models: {
			list: async () => ({ active: 'tiny', device: 'wasm', models: await models() })
		},
		storage: browser.storage,
		copies: createCopyLedger(device),
		serviceWorker: async () => readServiceWorkerState(browser.serviceWorker),
		canReserve: async (bytes) => canReserve(navigator.storage, bytes),
		waitingTabs: async () => countWaitingTabs(navigator.locks, app.name),
		countErrors: async (since) =>
			createLogStore(async () => device, browser.now).countErrors(since),
		tasks: async () => readTaskFacts(createScheduleStore(device), browser.now),
		runs: createHealthStore(device),
		now: browser.now,
		elapsed: () => performance.now()
	});
