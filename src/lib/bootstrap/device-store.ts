import { createCopyLedger, type CopyLedger } from '$lib/device/copy-ledger';
import { openDeviceDatabase } from '$lib/device/device-database';
import { createDeviceSettings, type DeviceSettings } from '$lib/device/device-settings';
import { createHealthStore, type HealthStore } from '$lib/device/health-store';
import { createLogStore, type LogStore } from '$lib/device/log-store';
import { createMetricStore, type MetricStore } from '$lib/device/metric-store';
import { createScheduleStore, type ScheduleStore } from '$lib/device/schedule-store';
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
}

export const createDeviceStore = (): DeviceStore => {
	const database = openDeviceDatabase('ai-notes-device');
	const logs = createLogStore(database, Date.now, globalThis.localStorage);
	return {
		settings: createDeviceSettings(database),
		logs,
		schedule: createScheduleStore(database),
		copies: createCopyLedger(database),
		health: createHealthStore(database),
		metrics: createMetricStore(database, Date.now, globalThis.localStorage),
		loggerFor: (area) => createLogger(area, logs.add, Date.now)
	};
};
