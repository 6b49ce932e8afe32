import { createReminderService, reminderTag } from '$lib/services/reminder-service';
import { expect, test } from 'vitest';

/** Shows as a browser does: one of a tag takes the place of the one before. */
const openBrowser = () => {
	const shown = new Map<string, string>([[reminderTag, 'A backup is overdue']]);
	const registration = {
		showNotification: (title: string, { tag = '' }: NotificationOptions) => {
			shown.set(tag, title);
			return Promise.resolve();
		}
	} as Partial<ServiceWorkerRegistration> as ServiceWorkerRegistration;
	const reminders = createReminderService({
		registration: () => Promise.resolve(registration),
		notification: { permission: 'granted', requestPermission: () => Promise.resolve('granted') },
		icon: 'icon.png'
	});
	return { reminders, shown };
};

test('a report does not take away the word that the notes have no copy outside, nor that a backup is late', async () => {
	const { reminders, shown } = openBrowser();
	expect(await reminders.notify('outside-copy', 'No copy outside', 'Download a backup.')).toBe(
		true
	);
	expect(await reminders.notify('health-report', 'Health report', 'All fine.')).toBe(true);
	expect(await reminders.notify('health-report', 'Health report', '1 thing needs you.')).toBe(true);
	expect([...shown.values()]).toEqual(['A backup is overdue', 'No copy outside', 'Health report']);
});
