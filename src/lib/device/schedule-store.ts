import type { TaskRecord, TaskSettings } from '$lib/domain/schedule';
import type { DeviceDatabase, StoredTask } from './device-database';

export type { StoredTask };

/** What is remembered of the tasks of the schedule in this browser. */
export interface ScheduleStore {
	/** A task that was never seen is looked after from now on: it has missed nothing yet. */
	read(id: string, nowMs: number): Promise<StoredTask>;
	change(id: string, settings: Partial<TaskSettings>, nowMs: number): Promise<void>;
	record(id: string, record: TaskRecord): Promise<void>;
}

export const createScheduleStore = (database: DeviceDatabase): ScheduleStore => {
	const { tasks } = database;
	const read: ScheduleStore['read'] = async (id, nowMs) =>
		database.transaction('rw', tasks, async () => {
			const found = await tasks.get(id);
			if (found) return found;
			const fresh: StoredTask = { id, settings: {}, record: neverRun(nowMs) };
			await tasks.add(fresh);
			return fresh;
		});
	return {
		read,
		async change(id, settings, nowMs) {
			const before = await read(id, nowMs);
			await tasks.put({ ...before, settings: { ...before.settings, ...settings } });
		},
		async record(id, record) {
			await tasks.update(id, { record });
		}
	};
};

const neverRun = (nowMs: number): TaskRecord => ({
	sinceMs: nowMs,
	lastOkMs: null,
	lastTryMs: null,
	lastResult: null,
	lastMessage: null,
	lastDurationMs: null,
	failures: 0
});
