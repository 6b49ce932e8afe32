import {
	createHealthReportService,
	type HealthReportService
} from '$lib/services/health-report-service';
import { readTaskFacts } from '$lib/services/health-signs';
import { createRunners } from '$lib/services/schedule-runners';
import { createScheduler, type ScheduleService } from '$lib/services/scheduler';
import { readCircumstances } from './circumstances';
import type { BaseServices } from './create-services';
import type { DeviceStore } from './device-store';
import { saveFile } from './save-file';
import type { IdleWatch } from './watch-idle';

const lockName = 'ai-notes-schedule';

/** The schedule over services that are there already. Does nothing until `keepSchedule`. */
export const createSchedule = (
	services: BaseServices & { readonly healthReport: HealthReportService },
	device: DeviceStore,
	idle: IdleWatch
): ScheduleService =>
	createScheduler({
		store: device.schedule,
		runners: createRunners({ ...services, now: Date.now }),
		circumstances: readCircumstances(services.session, idle),
		exclusive: async (wait, work) =>
			navigator.locks.request(lockName, wait ? {} : { ifAvailable: true }, async (lock) =>
				lock ? work() : null
			),
		ran: () => void services.health.run('light').catch(() => undefined), // its checks tell
		now: Date.now,
		log: device.loggerFor('schedule')
	});

/** The weekly report over services that are there already. */
export const createHealthReport = (
	services: BaseServices,
	{ schedule, settings }: DeviceStore
): HealthReportService =>
	createHealthReportService({
		...services,
		settings,
		tasks: async () => readTaskFacts(schedule, Date.now),
		saveFile,
		now: Date.now
	});

/** Looks at the clock now, when the tab is shown, when the notebook opens, and when something is due. */
export const keepSchedule = (
	schedule: ScheduleService,
	{ session }: Pick<BaseServices, 'session'>
): void => {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let looking = false;
	let askedAgain = false;
	const look = async (): Promise<void> => {
		askedAgain = looking;
		if (looking) return;
		looking = true;
		clearTimeout(timer);
		const waitMs = await schedule.tick().catch(() => retryMs);
		looking = false;
		timer = setTimeout(() => void look(), askedAgain ? 0 : waitMs);
	};
	document.addEventListener('visibilitychange', () => void look());
	session.onChanged(({ phase }) => {
		if (phase === 'ready') void look();
	});
	void look();
};

const retryMs = 60_000;
