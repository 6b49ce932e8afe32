import type { HistoryMemory } from '$lib/commands/console-session';
import type { DeviceStore } from './device-store';

const key = 'console-history';

/** The lines of the console, kept in this browser. */
export const createHistoryMemory = ({
	settings
}: Pick<DeviceStore, 'settings'>): HistoryMemory => ({
	async load() {
		const stored = await settings.get(key).catch(() => null);
		return Array.isArray(stored) ? stored.filter((line) => typeof line === 'string') : [];
	},
	async save(lines) {
		await settings.set(key, [...lines]).catch(() => undefined); // as HistoryMemory says
	}
});
