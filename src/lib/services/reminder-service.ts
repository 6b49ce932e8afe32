/** Whether the browser may remind of what is overdue while the app is closed. */
export interface ReminderState {
	readonly notifications: 'granted' | 'denied' | 'default' | 'unsupported';
	/** `waking`: the browser wakes the app's worker now and then, which can only remind. */
	readonly background: 'waking' | 'not-allowed' | 'unsupported';
}

export interface ReminderService {
	state(): Promise<ReminderState>;
	/** Asks the user, then registers. To be called from a click. */
	allow(): Promise<ReminderState>;
	/** Registers where that was allowed before. Never rejects. */
	renew(): Promise<void>;
	/**
	 * Shows a notification where allowed; resolves to whether it did. Never rejects. It takes the place
	 * of an earlier one of its kind only.
	 */
	notify(kind: NoticeKind, title: string, body: string): Promise<boolean>;
}

export type NoticeKind = 'health-report' | 'outside-copy';

export interface ReminderDeps {
	/** The running registration, or null where there are no service workers. */
	readonly registration: () => Promise<ServiceWorkerRegistration | null>;
	readonly notification: Pick<typeof Notification, 'permission' | 'requestPermission'> | undefined;
	readonly icon: string;
}

export const reminderTag = 'ai-notes-reminder';
const everyMs = 12 * 60 * 60 * 1_000;

interface PeriodicSync {
	register(tag: string, options: { minInterval: number }): Promise<void>;
	getTags(): Promise<readonly string[]>;
}

export const createReminderService = (deps: ReminderDeps): ReminderService => {
	const state = async (): Promise<ReminderState> => ({
		notifications: deps.notification?.permission ?? 'unsupported',
		background: await readBackground(await findSync(deps))
	});
	const renew = async (): Promise<void> => {
		if (deps.notification?.permission !== 'granted') return;
		const sync = await findSync(deps);
		// Refused where the app is not installed or seldom used: then there is no reminder.
		await sync?.register(reminderTag, { minInterval: everyMs }).catch(() => undefined);
	};
	return {
		state,
		renew: async () => renew().catch(() => undefined),
		async allow() {
			await deps.notification?.requestPermission();
			await renew();
			return state();
		},
		async notify(kind, title, body) {
			try {
				if (deps.notification?.permission !== 'granted') return false;
				const registration = await deps.registration();
				// The service worker's own reminder has the tag `reminderTag`.
				const tag = `ai-notes-${kind}`;
				await registration?.showNotification(title, { body, icon: deps.icon, tag });
				return registration !== null;
			} catch {
				return false;
			}
		}
	};
};

const findSync = async ({ registration }: ReminderDeps): Promise<PeriodicSync | null> => {
	const found = (await registration()) as { periodicSync?: PeriodicSync } | null;
	return found?.periodicSync ?? null;
};

const readBackground = async (sync: PeriodicSync | null): Promise<ReminderState['background']> => {
	if (!sync) return 'unsupported';
	const tags = await sync.getTags().catch((): readonly string[] => []);
	return tags.includes(reminderTag) ? 'waking' : 'not-allowed';
};
