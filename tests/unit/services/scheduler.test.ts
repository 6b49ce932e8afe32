import type { ScheduleStore, StoredTask } from '$lib/device/schedule-store';
import type { Circumstances } from '$lib/domain/schedule';
import { taskPlans, type TaskId } from '$lib/domain/schedule-tasks';
import { createScheduler, type ScheduleService, type TaskRunner } from '$lib/services/scheduler';
import { AppError } from '$lib/shared/app-error';
import { createLogger } from '$lib/shared/logger';
import { createMutex } from '$lib/shared/mutex';
import { dayMs, hourMs, minuteMs } from '$lib/shared/time';
import { beforeEach, expect, test } from 'vitest';
import { createFakeClock, type FakeClock } from '../../support/fake-clock';

const noon = new Date(2026, 4, 12, 12).getTime();

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

let clock: FakeClock;
let around: Circumstances;
let store: ScheduleStore;
let ran: TaskId[];
let runners: Record<TaskId, TaskRunner>;
let queue: ReturnType<typeof createMutex>;
let held: boolean;

/** As a tab of its own: the store and the lock are shared. */
const startTab = (): ScheduleService =>
	createScheduler({
		store,
		runners,
		circumstances: () => Promise.resolve(around),
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
	});

beforeEach(() => {
	clock = createFakeClock(noon);
	around = { notebookOpen: true, idle: true, onPower: null };
	store = createStore();
	ran = [];
	queue = createMutex();
	held = false;
	runners = Object.fromEntries(
		taskPlans.map(({ id }) => [
			id,
			{
				run: () => {
					ran.push(id);
					return Promise.resolve({ result: 'ok', message: `${id} done` });
				}
			}
		])
	) as unknown as Record<TaskId, TaskRunner>;
});

const find = async (schedule: ScheduleService, id: TaskId) => {
	const task = (await schedule.tasks()).find((each) => each.id === id);
	if (!task) throw new Error(id);
	return task;
};

test('on the first day nothing is owed; months later each task is caught up once, in order', async () => {
	const schedule = startTab();
	await schedule.tick();
	expect(ran).toEqual([]);
	clock.advance(100 * dayMs);
	expect((await schedule.tasks()).filter(({ dueSinceMs }) => dueSinceMs !== null)).toHaveLength(
		taskPlans.length
	);
	await schedule.tick();
	expect(ran.slice(0, 4)).toEqual(['backup', 'check', 'drill', 'embed']);
	expect(ran).toHaveLength(taskPlans.length);
	clock.advance(hourMs);
	await schedule.tick();
	expect(ran).toHaveLength(taskPlans.length);
});

test('two tabs that look at once do each task once', async () => {
	const [one, two] = [startTab(), startTab()];
	await one.tick();
	clock.advance(2 * dayMs);
	await Promise.all([one.tick(), two.tick(), one.tick()]);
	expect(ran.filter((id) => id === 'backup')).toHaveLength(1);
	await two.tick();
	expect(ran.filter((id) => id === 'backup')).toHaveLength(1);
});

test('while the user types only what may run then runs, and it says why the rest waits', async () => {
	const schedule = startTab();
	await schedule.tick();
	clock.advance(dayMs);
	around = { ...around, idle: false };
	const waitMs = await schedule.tick();
	expect(ran).toEqual(['rotate-logs']);
	expect((await find(schedule, 'backup')).skipped).toBe('busy-user');
	expect(waitMs).toBeLessThan(minuteMs);
	around = { ...around, idle: true };
	await schedule.tick();
	expect(ran).toContain('backup');
	expect((await find(schedule, 'backup')).skipped).toBeNull();
});

test('a tab without the notebook still rotates the log, and leaves the rest as a debt', async () => {
	const schedule = startTab();
	await schedule.tick();
	clock.advance(dayMs);
	around = { ...around, notebookOpen: false };
	await schedule.tick();
	expect(ran).toEqual(['rotate-logs']);
	expect(await find(schedule, 'backup')).toMatchObject({ skipped: 'not-open' });
	expect((await find(schedule, 'backup')).dueSinceMs).not.toBeNull();
});

test('a failure is written down, tried again later, and does not hold the others up', async () => {
	let fails = true;
	runners.backup = {
		run: () => {
			ran.push('backup');
			return fails
				? Promise.reject(new AppError('storage-full', 'No room for the text of a note'))
				: Promise.resolve({ result: 'ok', message: 'made' });
		}
	};
	const schedule = startTab();
	await schedule.tick();
	clock.advance(dayMs);
	await schedule.tick();
	expect(ran).toContain('check');
	const failed = await find(schedule, 'backup');
	expect(failed).toMatchObject({ skipped: 'waits-to-retry' });
	expect(failed.record).toMatchObject({ lastResult: 'failed', failures: 1 });
	expect(failed.record.lastMessage).toBe('There is no room left for this site.');
	await schedule.tick();
	expect(ran.filter((id) => id === 'backup')).toHaveLength(1);
	clock.advance(20 * minuteMs);
	fails = false;
	await schedule.tick();
	expect((await find(schedule, 'backup')).record).toMatchObject({ lastResult: 'ok', failures: 0 });
});

test('work that somebody else is doing is no failure', async () => {
	runners.backup = { run: () => Promise.reject(new AppError('busy', 'A backup is being made.')) };
	const schedule = startTab();
	await schedule.tick();
	clock.advance(dayMs);
	await schedule.tick();
	expect((await find(schedule, 'backup')).record).toMatchObject({ lastResult: null, failures: 0 });
});

test('by hand a task runs at once, and its failure is told', async () => {
	around = { ...around, idle: false };
	const schedule = startTab();
	const seen: string[] = [];
	schedule.onChanged(() => seen.push('changed'));
	expect((await schedule.run('optimize')).record.lastMessage).toBe('optimize done');
	expect(seen.length).toBeGreaterThan(0);
	runners.check = { run: () => Promise.reject(new AppError('db-damaged', 'Page 4')) };
	await expect(startTab().run('check')).rejects.toMatchObject({ code: 'db-damaged' });
	await expect(schedule.run('lunch')).rejects.toThrow(/There is no task lunch.*backup/);
});

test('what is turned off does not run; another time moves the next run', async () => {
	const schedule = startTab();
	await schedule.change('backup', { enabled: false });
	await schedule.change('check', { rhythm: { every: 'day', hour: 13, minute: 30 } });
	clock.advance(dayMs);
	await schedule.tick();
	expect(ran).not.toContain('backup');
	expect(ran).toContain('check');
	expect(await find(schedule, 'backup')).toMatchObject({ skipped: 'off', nextMs: null });
	expect((await find(schedule, 'check')).nextMs).toBe(new Date(2026, 4, 13, 13, 30).getTime());
});

test('a reason of its own brings a task forward', async () => {
	runners.drill = { ...runners.drill, wanted: () => Promise.resolve(!ran.includes('drill')) };
	const schedule = startTab();
	await schedule.tick();
	expect(ran).toEqual(['drill']);
	await schedule.tick();
	expect(ran).toEqual(['drill']);
});
