import type { ScheduleStore, StoredTask } from '$lib/device/schedule-store';
import type { Circumstances } from '$lib/domain/schedule';
import { taskPlans, type TaskId } from '$lib/domain/schedule-tasks';
import { createScheduler, type ScheduleService, type TaskRunner } from '$lib/services/scheduler';
import { createLogger } from '$lib/shared/logger';
import { createMutex } from '$lib/shared/mutex';
import { createFakeClock, type FakeClock } from './fake-clock';

const createStore = (): ScheduleStore => {
	const tasks = new Map<string, StoredTask>();
	const read: ScheduleStore['read'] = (id, nowMs) => {
		const found = tasks.get(id) ?? {
			id,
			settings: {},
			record: {
				sinceMs: nowMs,
				lastOkMs: null,
				lastTryMs: null,
				lastResult: null,
				lastMessage: null,
				lastDurationMs: null,
				failures: 0
			}
		};
		tasks.set(id, found);
		return Promise.resolve(found);
	};
	return {
		read,
		async change(id, settings, nowMs) {
			const task = await read(id, nowMs);
			tasks.set(id, { ...task, settings: { ...task.settings, ...settings } });
		},
		record(id, record) {
			const task = tasks.get(id);
			if (task) tasks.set(id, { ...task, record });
			return Promise.resolve();
		}
	};
};

/** A browser whose clock, user and tasks a test moves; what ran is in `ran`, in order. */
export interface ScheduleBench {
	readonly clock: FakeClock;
	readonly store: ScheduleStore;
	readonly ran: TaskId[];
	readonly runners: Record<TaskId, TaskRunner>;
	around: Circumstances;
	/** As a tab of its own: the store and the lock are shared. */
	startTab(): ScheduleService;
}

export const createScheduleBench = (
	startMs = new Date(2026, 4, 12, 12).getTime()
): ScheduleBench => {
	const clock = createFakeClock(startMs);
	const store = createStore();
	const ran: TaskId[] = [];
	const queue = createMutex();
	let held = false;
	const runner = (id: TaskId): TaskRunner => ({
		run: () => {
			ran.push(id);
			return Promise.resolve({ result: 'ok', message: `${id} done` });
		}
	});
	const bench: ScheduleBench = {
		...{ clock, store, ran },
		runners: Object.fromEntries(
			taskPlans.map(({ id }) => [id, runner(id)])
		) as ScheduleBench['runners'],
		around: { notebookOpen: true, idle: true, onPower: null },
		startTab: () =>
			createScheduler({
				...{ store, runners: bench.runners },
				circumstances: () => Promise.resolve(bench.around),
				exclusive: async (wait, work) => {
					if (held && !wait) return null;
					return queue.run(async () => {
						held = true;
						try {
							return await work();
						} finally {
							held = false;
						}
					});
				},
				ran: () => undefined,
				now: clock.now,
				log: createLogger('schedule', () => undefined, clock.now)
			})
	};
	return bench;
};
