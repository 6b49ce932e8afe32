import type { TaskSettings } from './schedule';

export type TaskId =
	| 'backup'
	| 'check'
	| 'drill'
	| 'embed'
	| 'health-report'
	| 'optimize'
	| 'outside-copy'
	| 'rotate-logs';

export interface TaskPlan {
	readonly id: TaskId;
	readonly title: string;
	/** One sentence: what it does. */
	readonly does: string;
	readonly settings: TaskSettings;
	/** Runs without an open notebook too. */
	readonly needsNotebook: boolean;
}

const daily = (hour: number, minute = 0): TaskSettings['rhythm'] => ({
	every: 'day',
	hour,
	minute
});
const weekly = (weekday: number, hour: number): TaskSettings['rhythm'] => ({
	every: 'week',
	weekday,
	hour,
	minute: 0
});

/** Seldom enough that nobody minds, and only while nobody types. */
const quietly = (rhythm: TaskSettings['rhythm']): TaskSettings => ({
	enabled: true,
	rhythm,
	onlyIdle: true,
	onlyOnPower: false
});

/** All tasks, in the order in which missed ones are caught up: first save, then check, then work. */
export const taskPlans: readonly TaskPlan[] = [
	{
		id: 'backup',
		title: 'Back up',
		does: 'Makes a backup, reads it back, and lets the oldest automatic one go.',
		settings: quietly(daily(2)),
		needsNotebook: true
	},
	{
		id: 'check',
		title: 'Check the file',
		does: 'Looks at the structure of the notebook’s file, its links and the word index.',
		settings: quietly(daily(2, 30)),
		needsNotebook: true
	},
	{
		id: 'drill',
		title: 'Test a restore',
		does: 'Restores the newest backup beside the notebook, searches in it and throws it away.',
		settings: quietly(weekly(0, 4)),
		needsNotebook: true
	},
	{
		id: 'embed',
		title: 'Make missing vectors',
		does: 'Gives every note the vectors that search by meaning needs.',
		settings: quietly(daily(3)),
		needsNotebook: true
	},
	{
		id: 'optimize',
		title: 'Optimize',
		does: 'Renews the counts that searches plan with, and compacts the file when much of it is empty.',
		settings: quietly({ every: 'month', day: 1, hour: 4, minute: 30 }),
		needsNotebook: true
	},
	{
		id: 'health-report',
		title: 'Write the health report',
		does: 'Runs all checks and writes a note about the week, with what is due.',
		settings: quietly(weekly(1, 9)),
		needsNotebook: true
	},
	{
		id: 'outside-copy',
		title: 'Remind of a copy outside',
		does: 'Copies the newest backup to your folder, or reminds you when no copy left for a week.',
		settings: quietly(weekly(1, 9)),
		needsNotebook: true
	},
	{
		id: 'rotate-logs',
		title: 'Rotate the log',
		does: 'Compresses old days of the log and removes the oldest.',
		settings: { ...quietly(daily(0, 30)), onlyIdle: false },
		needsNotebook: false
	}
];

export const findPlan = (id: string): TaskPlan | null =>
	taskPlans.find((plan) => plan.id === id) ?? null;
