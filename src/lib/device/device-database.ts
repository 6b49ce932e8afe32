import type { LogArchive } from '$lib/domain/log-rotation';
import type { OutsideCopy } from '$lib/domain/outside-copy';
import type { HealthRun } from '$lib/domain/health-history';
import type { MetricSample } from '$lib/domain/metric-sample';
import type { TaskRecord, TaskSettings } from '$lib/domain/schedule';
import type { LogLevel } from '$lib/shared/logger';
import Dexie, { type EntityTable } from 'dexie';

export interface StoredSetting {
	readonly key: string;
	readonly value: unknown;
}

export interface StoredLog {
	readonly id: number;
	readonly timeMs: number;
	readonly level: LogLevel;
	readonly area: string;
	readonly message: string;
	readonly details: Readonly<Record<string, string | number | boolean | null>> | null;
	readonly count: number;
	/** When it was said for the last time; absent on lines said once. */
	readonly lastMs?: number;
}

/** The lines of an archive: JSON, one a line, gzip. Apart from its facts, which are read often. */
export interface StoredLogFile {
	readonly id: string;
	readonly gzip: Uint8Array;
}

/** What the user changed of a task, and what is remembered of its runs. */
export interface StoredTask {
	readonly id: string;
	readonly settings: Partial<TaskSettings>;
	readonly record: TaskRecord;
}

/** An hour or a day of measurements; `id` is made of both. */
export interface StoredSample extends MetricSample {
	readonly id: string;
}

/** How one run of the health checks ended. */
export interface StoredHealth extends HealthRun {
	readonly id: number;
}

export type DeviceDatabase = Dexie & {
	settings: EntityTable<StoredSetting, 'key'>;
	logs: EntityTable<StoredLog, 'id'>;
	logArchives: EntityTable<LogArchive, 'id'>;
	logFiles: EntityTable<StoredLogFile, 'id'>;
	tasks: EntityTable<StoredTask, 'id'>;
	copies: EntityTable<OutsideCopy, 'id'>;
	metricSamples: EntityTable<StoredSample, 'id'>;
	healthRuns: EntityTable<StoredHealth, 'id'>;
};

/** The database once it is loaded and open. */
export type OpenDevice = () => Promise<DeviceDatabase>;

/**
 * What must survive a broken or restored notebook and may be lost without losing a note. Strict
 * durability: IndexedDB's default says "complete" before the bytes are on disk.
 */
export const openDeviceDatabase = (name: string): DeviceDatabase => {
	const database = new Dexie(name, { chromeTransactionDurability: 'strict' }) as DeviceDatabase;
	database.version(1).stores({ settings: 'key', logs: '++id, timeMs, level' });
	database
		.version(2)
		.stores({ logs: '++id, timeMs, level, area', logArchives: 'id', logFiles: 'id' });
	database.version(3).stores({ tasks: 'id' });
	database.version(4).stores({ copies: '++id, sha256' });
	database.version(5).stores({ metricSamples: 'id, fromMs', healthRuns: '++id, timeMs' });
	// A newer tab wants to upgrade: let it, this one reopens on its next call.
	database.on('versionchange', () => database.close({ disableAutoOpen: false }));
	return database;
};
