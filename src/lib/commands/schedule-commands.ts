import { describeRhythm, resultWords, skipWords } from '$lib/domain/schedule-words';
import type { ScheduleService, TaskView } from '$lib/services/scheduler';
import { toIso } from '$lib/shared/time';
import type { Answer, Command } from './command';
import { table } from './text-table';

const schedule: Command = {
	name: 'schedule',
	usage: 'schedule',
	summary: 'Shows the tasks that the app does by itself while it is open.',
	run: async (_args, services) => answer(services.schedule)
};

const runTask: Command = {
	name: 'run_task',
	usage: 'run_task ID',
	summary: 'Runs a task of the schedule now, due or not.',
	required: ['ID'],
	run: async (args, services) => {
		const { record } = await services.schedule.run(args.word(0));
		const all = await answer(services.schedule);
		const ok = record.lastResult !== 'failed';
		return { ...all, ok, text: `${record.lastMessage ?? ''}\n${all.text}` };
	}
};

const enableTask: Command = {
	name: 'enable_task',
	usage: 'enable_task ID [--off]',
	summary: 'Turns a task of the schedule on, or off.',
	required: ['ID'],
	options: [{ name: '--off', kind: 'flag' }],
	run: async (args, services) => {
		await services.schedule.change(args.word(0), { enabled: !args.flag('--off') });
		return answer(services.schedule);
	}
};

const answer = async (schedule: ScheduleService): Promise<Answer> => {
	const tasks = await schedule.tasks();
	return {
		text: table(['Id', 'When', 'Next', 'Last run', 'Result', 'Remark'], tasks.map(toRow)),
		data: { tasks: tasks.map(toData) }
	};
};

const orNone = (timeMs: number | null): string | null => (timeMs === null ? null : toIso(timeMs));

const toRow = (task: TaskView): string[] => {
	const { id, settings, record, dueSinceMs, nextMs, skipped } = task;
	const result = record.lastResult === null ? '–' : resultWords[record.lastResult];
	return [
		id,
		describeRhythm(settings.rhythm),
		dueSinceMs === null ? (orNone(nextMs) ?? '–') : 'due',
		orNone(record.lastTryMs) ?? 'never',
		result,
		skipped === null ? (record.lastMessage ?? '') : skipWords[skipped]
	];
};

const toData = (task: TaskView) => ({
	id: task.id,
	title: task.title,
	enabled: task.settings.enabled,
	due: orNone(task.dueSinceMs ?? task.nextMs),
	lastRun: orNone(task.record.lastTryMs),
	lastResult: task.record.lastResult,
	skippedBecause: task.skipped === null ? null : skipWords[task.skipped],
	overdue: task.dueSinceMs !== null,
	next: orNone(task.nextMs),
	message: task.record.lastMessage,
	durationMs: task.record.lastDurationMs,
	rhythm: task.settings.rhythm
});

export const scheduleCommands: readonly Command[] = [schedule, runTask, enableTask];
