import { createConsoleSession } from '$lib/commands/console-session';
import type { Manage } from '$lib/commands/manage';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import type { AppUpdates } from '$lib/services/app-updates';
import type { ConsoleService } from '$lib/services/console-service';
import { answerEndpoints } from './answer-endpoints';
import { captureErrors } from './capture-errors';
import { createServices, type Services } from './create-services';
import { createSupport } from './create-support';
import { createDeviceStore, type DeviceStore } from './device-store';
import { createCommands } from './load-commands';
import { keepDataSafe } from './keep-data-safe';
import { keepIndexingPolite } from './keep-indexing-polite';
import { keepLog, logSession } from './keep-log';
import { judgeStart, keepMetrics } from './keep-metrics';
import { createHealthReport, createSchedule, keepSchedule } from './keep-schedule';
import { logActions } from './log-actions';
import { createHistoryMemory } from './remember-console';
import { registerServiceWorker } from './register-service-worker';
import { resumeUpgrade } from './resume-upgrade';
import { watchIdle } from './watch-idle';
import { watchLongTasks } from './watch-long-tasks';

/** Everything the page side is made of, built once. */
export interface App {
	readonly services: Services;
	readonly console: ConsoleService;
	readonly updates: AppUpdates;
}

/** Builds every object in order, puts `manage` on the window and begins to open the notebook. */
export const startApp = (): App => {
	installErrorTransfer();
	const device = createDeviceStore();
	const log = device.loggerFor('page');
	captureErrors(log);
	watchLongTasks(log);
	keepLog(device);
	let start: number | string = 'the app is still starting';
	const base = logActions(
		createServices(device, () => start),
		device
	);
	const withReport = { ...base, healthReport: createHealthReport(base, device) };
	const idle = watchIdle();
	const schedule = createSchedule(withReport, device, idle);
	const support = createSupport(base, schedule);
	const services: Services = { ...withReport, schedule, support };
	logSession(services.session, device);
	keepIndexingPolite(services, idle);
	const updates = registerServiceWorker({ flush: async () => services.session.flush() });
	const started = begin(services, updates, device).then(() => {
		start = judgeStart(services.session.current.phase, performance.now());
	});
	void started.then(() => keepMetrics(services, device, start));
	const commands = createCommands(services);
	wakeAfter(started, device);
	void started.then(() => setTimeout(() => void commands.load(), listedMs));
	// A script may type its first command while the notebook is still being opened.
	const manage: Manage = async (line, file) =>
		started.then(async () => commands.manage(line, file));
	window.manage = manage;
	answerEndpoints({ ...services, started, manage: commands.manage });
	return {
		services,
		console: createConsoleSession(manage, commands.registry, createHistoryMemory(device)),
		updates
	};
};

/** Once the first notes are there, or when they take so long that what went wrong must be written down. */
const wakeAfter = (started: Promise<void>, { wake }: DeviceStore): void => {
	const atLatest = setTimeout(wake, longestStartMs);
	void started.then(() => {
		clearTimeout(atLatest);
		setTimeout(wake, listedMs);
	});
};

const longestStartMs = 10_000;
/** From an open notebook to the list on the screen, on a slow machine too: nothing may be in its way. */
const listedMs = 1_000;

const begin = async (
	services: Services,
	updates: AppUpdates,
	device: DeviceStore
): Promise<void> => {
	const { session, embedder, nextEmbedder } = services;
	let wasReady = false;
	session.onChanged(({ phase }) => {
		const isReady = phase === 'ready';
		if (isReady && !wasReady) void workOn(services, updates);
		if (!isReady && wasReady) {
			for (const each of [embedder, nextEmbedder]) {
				void each.stop('The notebook is not open in this tab.');
			}
		}
		wasReady = isReady;
	});
	keepDataSafe(services, device);
	keepSchedule(services.schedule, services);
	void services.reminders.renew();
	await session.start();
};

/** What follows an opened notebook, none of it in the way of the first list. */
const workOn = async (
	{ embedder, health, upgrades }: Services,
	{ keepOffline }: AppUpdates
): Promise<void> => {
	await embedder.start();
	const { device } = embedder.state;
	if (device) await keepOffline(device).catch(() => false);
	await resumeUpgrade(upgrades);
	await health.run('light').catch(() => undefined); // its failure is a red check, not an error
};
