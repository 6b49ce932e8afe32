import { createManage } from '$lib/commands/manage';
import { taskPlans } from '$lib/domain/schedule-tasks';
import type { ScheduleService, TaskView } from '$lib/services/scheduler';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const at = Date.UTC(2026, 4, 12, 2);
const [plan] = taskPlans;

const view = (change: Partial<TaskView> = {}): TaskView => {
	if (!plan) throw new Error('no plans');
	return {
		id: plan.id,
		title: plan.title,
		does: plan.does,
		settings: plan.settings,
		record: {
			sinceMs: 0,
			lastOkMs: at,
			lastTryMs: at,
			lastResult: 'ok',
			lastMessage: 'made.sqlite3, 3 notes.',
			lastDurationMs: 40,
			failures: 0
		},
		dueSinceMs: null,
		nextMs: at + 1_000,
		retryAtMs: null,
		skipped: null,
		running: false,
		...change
	};
};

const start = (schedule: Partial<ScheduleService>) =>
	createManage(fakeServices({ schedule: { tasks: () => Promise.resolve([view()]), ...schedule } }));

test('schedule has the fields of COMMANDS.md', async () => {
	const { ok, data, text } = await start({})('schedule');
	expect(ok).toBe(true);
	expect(text).toContain('daily at 02:00');
	expect(data).toMatchObject({
		tasks: [
			{
				id: 'backup',
				title: 'Back up',
				enabled: true,
				due: '2026-05-12T02:00:01.000Z',
				lastRun: '2026-05-12T02:00:00.000Z',
				lastResult: 'ok',
				skippedBecause: null
			}
		]
	});
});

test('run_task says what came of it; a task that failed is not ok', async () => {
	const run = (result: 'ok' | 'failed') =>
		start({
			run: () => Promise.resolve(view({ record: { ...view().record, lastResult: result } }))
		});
	expect(await run('ok')('run_task backup')).toMatchObject({ ok: true });
	expect((await run('ok')('run_task backup')).text).toMatch(/^made\.sqlite3, 3 notes\./);
	expect(await run('failed')('run_task backup')).toMatchObject({ ok: false });
	expect((await start({})('run_task')).text).toContain('ID is missing');
});

test('enable_task turns a task on and off', async () => {
	const changes: unknown[] = [];
	const manage = start({
		change: (id, settings) => {
			changes.push([id, settings]);
			return Promise.resolve(view());
		}
	});
	await manage('enable_task backup --off');
	await manage('enable_task backup');
	expect(changes).toEqual([
		['backup', { enabled: false }],
		['backup', { enabled: true }]
	]);
});
