import { openDeviceDatabase } from '$lib/device/device-database';
import { createDeviceSettings } from '$lib/device/device-settings';
import { peekSetting } from '$lib/device/peek-setting';
import { expect, test } from 'vitest';

test('a setting is read before its library is loaded, and asking makes no database', async () => {
	const name = `peek-${crypto.randomUUID()}`;
	expect(await peekSetting(name, 'known')).toBeUndefined();
	expect((await indexedDB.databases()).map((each) => each.name)).not.toContain(name);

	const database = openDeviceDatabase(name);
	await createDeviceSettings(database).set('known', true);
	expect(await peekSetting(name, 'known')).toBe(true);
	expect(await peekSetting(name, 'unknown')).toBeUndefined();
	// The reader is gone again: it holds up no newer version.
	await database.delete();
});

test('a setting that cannot be read is not taken for one that is absent', async () => {
	const name = `peek-${crypto.randomUUID()}`;
	const request = indexedDB.open(name);
	const other = await new Promise<IDBDatabase>((resolve) => {
		request.onsuccess = () => resolve(request.result);
	});
	other.close();
	await expect(peekSetting(name, 'known')).rejects.toThrow();
	indexedDB.deleteDatabase(name);
});
