import type { DeviceStore } from './device-store';
import type { Services } from './create-services';

const asked = 'persistence-asked';

/**
 * Asks the browser to keep the data, once, after the first saved note: before there is anything to
 * lose a browser that prompts would be refused.
 */
export const keepDataSafe = (
	{ notes, maintenance }: Pick<Services, 'notes' | 'maintenance'>,
	{ settings, loggerFor }: Pick<DeviceStore, 'settings' | 'loggerFor'>
): void => {
	const log = loggerFor('storage');
	const stop = notes.onChanged(() => {
		stop();
		void ask();
	});
	const ask = async (): Promise<void> => {
		if ((await settings.get(asked)) === true) return;
		// Where that cannot be noted (a full disk) the next start asks once more.
		await settings.set(asked, true).catch(() => undefined);
		log.info('asked for persistent storage', { granted: await maintenance.persist() });
	};
};
