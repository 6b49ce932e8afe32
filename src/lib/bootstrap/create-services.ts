import { startDbWorker } from '$lib/rpc/db-worker';
import { createNotebookClient, type DbClient, type NotebookClient } from '$lib/rpc/notebook-client';
import { createTabOwner } from '$lib/rpc/tab-owner';
import { createEncryptionService } from '$lib/services/encryption-service';
import type { HealthReportService } from '$lib/services/health-report-service';
import {
	createHealthService,
	type HealthService,
	type HealthServiceDeps
} from '$lib/services/health-service';
import { readTaskFacts } from '$lib/services/health-signs';
import { createIndexingService } from '$lib/services/indexing-service';
import { createKeyPrompt, type KeyPrompt } from '$lib/services/key-prompt';
import { createLatencyRecorder, type LatencyRecorder } from '$lib/services/latency-recorder';
import { createLogService } from '$lib/services/log-service';
import { createMaintenanceService } from '$lib/services/maintenance-service';
import { measureKept } from '$lib/services/measure-caches';
import {
	createMetricsService,
	type MetricsDependencies,
	type MetricsService
} from '$lib/services/metrics-service';
import { createNoteService } from '$lib/services/note-service';
import { countWaitingTabs } from '$lib/services/other-tabs';
import { createReminderService, type ReminderService } from '$lib/services/reminder-service';
import { canReserve } from '$lib/services/reserve-space';
import { createScaleOutService } from '$lib/services/scale-out-service';
import { createSearchService } from '$lib/services/search-service';
import { readServiceWorkerState } from '$lib/services/service-worker-state';
import { createSessionService, type SessionService } from '$lib/services/session-service';
import { createTransferService } from '$lib/services/transfer-service';
import { createTimeMachineService, type TimeMachineService } from '$lib/services/time-machine';
import type { CommandServices } from '$lib/commands/command';
import type { TransferService } from '$lib/services/transfer-service';
import type { UpgradeDeps, UpgradeService } from '$lib/services/upgrade';
import { createUpgradeService } from '$lib/services/upgrade-service';
import { createBackups, type BackupServices } from './create-backups';
import type { DeviceStore } from './device-store';
import { baseUrl, createModels, type ModelServices } from './create-models';
import { createInsights } from './create-insights';
import { createMeasurements } from './create-measurements';
import { createPackagesVersion } from './packages-version';
import { createMemory } from './remember-notebook';
import { saveFile } from './save-file';

/** One notebook per origin; a name of its own, so that a later second one has a place. */
const notebookName = 'notes-v1';

/** All but the schedule, the report and the support bundle, which are made over these. */
export type BaseServices = Omit<Services, 'schedule' | 'healthReport' | 'support'>;

export interface Services extends CommandServices, BackupServices, ModelServices {
	readonly session: SessionService;
	readonly transfer: TransferService;
	readonly timeMachine: TimeMachineService;
	readonly reminders: ReminderService;
	readonly keyPrompt: KeyPrompt;
	readonly latencies: LatencyRecorder;
	readonly healthReport: HealthReportService;
}

const appVersion = __APP_VERSION__;

/** Builds every service once, leaf first. Nothing here starts a thread. */
export const createServices = (device: DeviceStore, start: () => number | string): BaseServices => {
	const notebook = createNotebookClient(startDbWorker);
	notebook.onEvent((event) => event.type === 'log' && device.logs.add(event.entry));
	notebook.onEvent((event) => event.type === 'replaced' && device.metrics.mark('restore'));
	const { db } = notebook;
	const now = Date.now;
	const storage = navigator.storage as StorageManager | undefined;
	const session = createSession(notebook, device);
	const latencies = createLatencyRecorder({ keep: device.metrics.add });
	const running = createModels(notebook, device, latencies);
	const { embedder, nextEmbedder, models } = running;
	const measurements = createMeasurements(db, embedder);
	const indexing = createIndexingService(notebook, embedder);
	const outside = createBackups(notebook, device);
	const { backups, copies } = outside;
	const { accuracy } = measurements;
	const used = { notebook, backups, accuracy, indexing };
	const upgrades = createUpgrades(device, { ...used, ...running, next: nextEmbedder });
	const maintenance = createMaintenanceService({
		db,
		storage,
		cacheBytes: async () => measureKept(globalThis.caches, storage),
		logBytes: async () => device.logs.bytes()
	});
	const notes = createNoteService(notebook, () => crypto.randomUUID());
	return {
		session,
		latencies,
		...running,
		indexing,
		...outside,
		upgrades,
		...createKeys(db),
		maintenance,
		notes,
		...createInsights({ db, notes, session, embedder, device }),
		search: createSearchService({
			db,
			embedQuery: async (text) => embedder.embedQuery(text),
			versionKey: () => embedder.state.versionKey,
			record: (mode, tookMs, results) => {
				latencies.record(mode, tookMs);
				upgrades.count(results, tookMs);
			},
			now: () => performance.now()
		}),
		...measurements,
		health: createHealth(device, { db, session, indexing, models, storage, copies }),
		metrics: createMetrics(device, { maintenance, backups, indexing, latencies, start }),
		version: createPackagesVersion(async () => db.facts()),
		timeMachine: createTimeMachineService(notebook),
		transfer: createTransferService({ db, saveFile, now }),
		scaleOut: createScaleOutService({ db, indexing, saveFile, appVersion, now }),
		logs: createLogService({ logs: device.logs, saveFile, now }),
		reminders: createReminders()
	};
};

const createUpgrades = (
	{ loggerFor }: DeviceStore,
	parts: Omit<UpgradeDeps, 'now' | 'elapsed' | 'log'>
): UpgradeService =>
	createUpgradeService({
		...parts,
		now: Date.now,
		elapsed: () => performance.now(),
		log: loggerFor('model')
	});

type Looked = 'db' | 'session' | 'indexing' | 'models' | 'storage' | 'copies';

const createHealth = (
	{ logs, schedule, health }: DeviceStore,
	parts: Pick<HealthServiceDeps, Looked>
): HealthService =>
	createHealthService({
		...parts,
		serviceWorker: async () => readServiceWorkerState(navigator.serviceWorker),
		canReserve: async (bytes) => canReserve(navigator.storage, bytes),
		waitingTabs: async () => countWaitingTabs(navigator.locks, notebookName),
		countErrors: async (since) => logs.countErrors(since),
		tasks: async () => readTaskFacts(schedule, Date.now),
		runs: health,
		now: Date.now,
		elapsed: () => performance.now()
	});

const createMetrics = (
	{ logs, metrics }: DeviceStore,
	parts: Pick<MetricsDependencies, 'maintenance' | 'backups' | 'indexing' | 'latencies' | 'start'>
): MetricsService =>
	createMetricsService({
		...parts,
		countErrors: async (since) => logs.countErrors(since),
		samples: metrics,
		saveFile,
		now: Date.now
	});

const createKeys = (db: DbClient): Pick<Services, 'keyPrompt' | 'encryption'> => {
	const keyPrompt = createKeyPrompt();
	return {
		keyPrompt,
		encryption: createEncryptionService({ db, prompt: keyPrompt, now: Date.now })
	};
};

const createReminders = (): ReminderService =>
	createReminderService({
		registration: readRegistration,
		notification: globalThis.Notification,
		icon: `${baseUrl()}icons/icon-192.png`
	});

const readRegistration = async (): Promise<ServiceWorkerRegistration | null> => {
	const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
	return (await container?.getRegistration()) ?? null;
};

const createSession = (notebook: NotebookClient, device: DeviceStore): SessionService =>
	createSessionService({
		notebook,
		tabs: createTabOwner(notebookName),
		notebookName,
		appVersion: __APP_VERSION__,
		...createMemory(notebookName, device)
	});
