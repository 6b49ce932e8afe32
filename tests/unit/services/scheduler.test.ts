import { taskPlans, type TaskId } from '$lib/domain/schedule-tasks';
import type { ScheduleService } from '$lib/services/scheduler';
import { AppError } from '$lib/shared/app-error';
import { dayMs, hourMs, minuteMs } from '$lib/shared/time';
import { beforeEach, expect, test } from 'vitest';
import { createScheduleBench, type ScheduleBench } from '../../support/schedule-bench';

let bench: ScheduleBench;
beforeEach(() => {
	bench = createScheduleBench();
});

const find = async (schedule: ScheduleService, id: TaskId) => {
	const task = (await schedule.tasks()).find((each) => each.id === id);
	if (!task) throw new Error(id);
	return task;
};

test('on the first day nothing is owed; months later each task is caught up once, in order', async () => {
	const schedule = bench.startTab();
	await schedule.tick();
	expect(bench.ran).toEqual([]);
	bench.clock.advance(100 * dayMs);
	expect((await schedule.tasks()).filter(({ dueSinceMs }) => dueSinceMs !== null)).toHaveLength(
		taskPlans.length
	);
	await schedule.tick();
	expect(bench.ran.slice(0, 4)).toEqual(['backup', 'check', 'drill', 'embed']);
	expect(bench.ran).toHaveLength(taskPlans.length);
	bench.clock.advance(hourMs);
	await schedule.tick();
	expect(bench.ran).toHaveLength(taskPlans.length);
});

test('two tabs that look at once do each task once', async () => {
	const [one, two] = [bench.startTab(), bench.startTab()];
	await one.tick();
	bench.clock.advance(2 * dayMs);
	await Promise.all([one.tick(), two.tick(), one.tick()]);
	expect(bench.ran.filter((id) => id === 'backup')).toHaveLength(1);
	await two.tick();
	expect(bench.ran.filter((id) => id === 'backup')).toHaveLength(1);
});

test('while the user types only what may run then runs, and it says why the rest waits', async () => {
	const schedule = bench.startTab();
	await schedule.tick();
	bench.clock.advance(dayMs);
	bench.around = { ...bench.around, idle: false };
	const waitMs = await schedule.tick();
	expect(bench.ran).toEqual(['rotate-logs']);
	expect((await find(schedule, 'backup')).skipped).toBe('busy-user');
	expect(waitMs).toBeLessThan(minuteMs);
	bench.around = { ...bench.around, idle: true };
	await schedule.tick();
	expect(bench.ran).toContain('backup');
	expect((await find(schedule, 'backup')).skipped).toBeNull();
});

test('a tab without the notebook still rotates the log, and leaves the rest as a debt', async () => {
	const schedule = bench.startTab();
	await schedule.tick();
	bench.clock.advance(dayMs);
	bench.around = { ...bench.around, notebookOpen: false };
	await schedule.tick();
	expect(bench.ran).toEqual(['rotate-logs']);
	expect(await find(schedule, 'backup')).toMatchObject({ skipped: 'not-open' });
	expect((await find(schedule, 'backup')).dueSinceMs).not.toBeNull();
});

test('a failure is written down, tried again later, and does not hold the others up', async () => {
	let fails = true;
	bench.runners.backup = {
		run: () => {
			bench.ran.push('backup');
			return fails
				? Promise.reject(new AppError('storage-full', 'No room for the text of a note'))
				: Promise.resolve({ result: 'ok', message: 'made' });
		}
	};
	const schedule = bench.startTab();
	await schedule.tick();
	bench.clock.advance(dayMs);
	await schedule.tick();
	expect(bench.ran).toContain('check');
	const failed = await find(schedule, 'backup');
	expect(failed).toMatchObject({ skipped: 'waits-to-retry' });
	expect(failed.record).toMatchObject({ lastResult: 'failed', failures: 1 });
	expect(failed.record.lastMessage).toBe('There is no room left for this site.');
	await schedule.tick();
	expect(bench.ran.filter((id) => id === 'backup')).toHaveLength(1);
	bench.clock.advance(20 * minuteMs);
	fails = false;
	await schedule.tick();
	expect((await find(schedule, 'backup')).record).toMatchObject({ lastResult: 'ok', failures: 0 });
});

test('work that somebody else is doing is no failure', async () => {
	bench.runners.backup = {
		run: () => Promise.reject(new AppError('busy', 'A backup is being made.'))
	};
	const schedule = bench.startTab();
	await schedule.tick();
	bench.clock.advance(dayMs);
	await schedule.tick();
	expect((await find(schedule, 'backup')).record).toMatchObject({ lastResult: null, failures: 0 });
});

test('by hand a task runs at once, and its failure is told', async () => {
	bench.around = { ...bench.around, idle: false };
	const schedule = bench.startTab();
	const seen: string[] = [];
	schedule.onChanged(() => seen.push('changed'));
	expect((await schedule.run('optimize')).record.lastMessage).toBe('optimize done');
	expect(seen.length).toBeGreaterThan(0);
	bench.runners.check = { run: () => Promise.reject(new AppError('db-damaged', 'Page 4')) };
	await expect(bench.startTab().run('check')).rejects.toMatchObject({ code: 'db-damaged' });
	await expect(schedule.run('lunch')).rejects.toThrow(/There is no task lunch.*backup/);
});

test('what is turned off does not run; another time moves the next run', async () => {
	const schedule = bench.startTab();
	await schedule.change('backup', { enabled: false });
	await schedule.change('check', { rhythm: { every: 'day', hour: 13, minute: 30 } });
	bench.clock.advance(dayMs);
	await schedule.tick();
	expect(bench.ran).not.toContain('backup');
	expect(bench.ran).toContain('check');
	expect(await find(schedule, 'backup')).toMatchObject({ skipped: 'off', nextMs: null });
	expect((await find(schedule, 'check')).nextMs).toBe(new Date(2026, 4, 13, 13, 30).getTime());
});

test('a reason of its own brings a task forward', async () => {
	bench.runners.drill = {
		...bench.runners.drill,
		wanted: () => Promise.resolve(!bench.ran.includes('drill'))
	};
	const schedule = bench.startTab();
	await schedule.tick();
	expect(bench.ran).toEqual(['drill']);
	await schedule.tick();
	expect(bench.ran).toEqual(['drill']);
});
