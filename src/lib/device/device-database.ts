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
}

export type DeviceDatabase = Dexie & {
	settings: EntityTable<StoredSetting, 'key'>;
	logs: EntityTable<StoredLog, 'id'>;
};

/**
 * What must survive a broken or restored notebook and may be lost without losing a note. Strict
 * durability: IndexedDB's default says "complete" before the bytes are on disk.
 */
export const openDeviceDatabase = (name: string): DeviceDatabase => {
	const database = new Dexie(name, { chromeTransactionDurability: 'strict' }) as DeviceDatabase;
	database.version(1).stores({ settings: 'key', logs: '++id, timeMs, level' });
	// A newer tab wants to upgrade: let it, this one reopens on its next call.
	database.on('versionchange', () => database.close({ disableAutoOpen: false }));
	return database;
};
