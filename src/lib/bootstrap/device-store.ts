import { createCopyLedger, type CopyLedger } from '$lib/device/copy-ledger';
import type { DeviceDatabase } from '$lib/device/device-database';
import { createDeviceSettings, type DeviceSettings } from '$lib/device/device-settings';
import { createHealthStore, type HealthStore } from '$lib/device/health-store';
import { createLogStore, type LogStore } from '$lib/device/log-store';
import { createMetricStore, type MetricStore } from '$lib/device/metric-store';
import { peekSetting } from '$lib/device/peek-setting';
import { createScheduleStore, type ScheduleStore } from '$lib/device/schedule-store';
import { deferred, loadOnce } from '$lib/shared/deferred';
import { createLogger, type Logger } from '$lib/shared/logger';

/** What this browser keeps beside the notebook, and the loggers that write into it. */
export interface DeviceStore {
	readonly settings: DeviceSettings;
	readonly logs: LogStore;
	readonly schedule: ScheduleStore;
	readonly copies: CopyLedger;
	readonly metrics: MetricStore;
	readonly health: HealthStore;
	loggerFor(area: string): Logger;
	/** Reads a setting at once; everything else waits for `wake`. Rejects when it cannot be read. */
	peek(key: string): Promise<unknown>;
	/** Loads what reads and writes all this. Until then calls wait, and what is logged lies in memory. */
	wake(): void;
}

const name = 'ai-notes-device';

/** Its library is a sixth of the page's code, and nothing of it is needed for the first notes. */
export const createDeviceStore = (): DeviceStore => {
	let wake = (): void => undefined;
	const woken = new Promise<void>((resolve) => (wake = resolve));
	const database = loadOnce(async (): Promise<DeviceDatabase> => {
		await woken;
		const { openDeviceDatabase } = await import('$lib/device/device-database');
		return openDeviceDatabase(name);
	});
	const logs = createLogStore(database, Date.now, globalThis.localStorage);
	return {
		settings: lateSettings(database),
		logs,
		schedule: deferred(async () => createScheduleStore(await database())),
		copies: deferred(async () => createCopyLedger(await database())),
		health: deferred(async () => createHealthStore(await database())),
		metrics: createMetricStore(database, Date.now, globalThis.localStorage),
		loggerFor: (area) => createLogger(area, logs.add, Date.now),
		peek: async (key) => peekSetting(name, key),
		wake: () => wake()
	};
};

/** What cannot be read is absent, also where the code that reads did not come. */
const lateSettings = (database: () => Promise<DeviceDatabase>): DeviceSettings => {
	const late = deferred<DeviceSettings>(async () => createDeviceSettings(await database()));
	return { get: async (key) => late.get(key).catch(() => undefined), set: late.set };
};
