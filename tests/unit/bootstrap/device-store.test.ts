import { createDeviceStore } from '$lib/bootstrap/device-store';
import { expect, test, vi } from 'vitest';

vi.mock('$lib/device/device-database', () => {
	throw new Error('Failed to fetch a module.');
});

test('a setting whose reading code did not come is absent; writing it says that it failed', async () => {
	const device = createDeviceStore();
	device.wake();
	expect(await device.settings.get('a')).toBeUndefined();
	await expect(device.settings.set('a', 1)).rejects.toThrow();
});
