import type { DeviceDatabase } from './device-database';

/** Settings of this browser, not of the notebook. Reads never throw: what cannot be read is absent. */
export interface DeviceSettings {
	get(key: string): Promise<unknown>;
	set(key: string, value: unknown): Promise<void>;
}

export const createDeviceSettings = (database: DeviceDatabase): DeviceSettings => ({
	async get(key) {
		try {
			return (await database.settings.get(key))?.value;
		} catch {
			return undefined; // the device store is optional by design
		}
	},
	async set(key, value) {
		await database.settings.put({ key, value });
	}
});
