import { describeTime } from '$lib/domain/schedule-words';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { ReminderService, ReminderState } from '$lib/services/reminder-service';
import type { ScheduleService, TaskSettings, TaskView } from '$lib/services/scheduler';
import { plural } from '$lib/shared/number-format';
import { MaintenanceTask } from './maintenance-task.svelte';

export type { TaskView };

type Every = TaskSettings['rhythm']['every'];

/** The choices of a task while they are being changed. */
export class TaskDraft {
	enabled = $state(true);
	every = $state<Every>('day');
	weekday = $state('1');
	day = $state('1');
	time = $state('02:00');
	onlyIdle = $state(true);
	onlyOnPower = $state(false);
	/** Null while the time or the day cannot be read. */
	readonly settings = $derived.by((): TaskSettings | null => {
		const rhythm = this.#rhythm();
		const { enabled, onlyIdle, onlyOnPower } = this;
		return rhythm && { enabled, rhythm, onlyIdle, onlyOnPower };
	});

	constructor(readonly task: TaskView) {
		const { enabled, rhythm, onlyIdle, onlyOnPower } = task.settings;
		Object.assign(this, { enabled, every: rhythm.every, onlyIdle, onlyOnPower });
		this.time = describeTime(rhythm);
		if (rhythm.every === 'week') this.weekday = String(rhythm.weekday);
		if (rhythm.every === 'month') this.day = String(rhythm.day);
	}

	#rhythm(): TaskSettings['rhythm'] | null {
		const match = /^(\d\d):(\d\d)$/.exec(this.time);
		const day = Number(this.day);
		if (!match) return null;
		const at = { hour: Number(match[1]), minute: Number(match[2]) };
		switch (this.every) {
			case 'day':
				return { every: 'day', ...at };
			case 'week':
				return { every: 'week', weekday: Number(this.weekday), ...at };
			case 'month':
				return Number.isInteger(day) && day >= 1 && day <= 31
					? { every: 'month', day, ...at }
					: null;
		}
	}
}

/** What the app does by itself, when, and what it owes. */
export class ScheduleState {
	#tasks = $state.raw<readonly TaskView[] | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	/** The task that runs or ran last by hand. */
	#runId = $state<string | null>(null);
	#reminders = $state.raw<ReminderState | null>(null);
	draft = $state.raw<TaskDraft | null>(null);
	readonly running = new MaintenanceTask<TaskView>();
	readonly owed = $derived((this.#tasks ?? []).filter(({ dueSinceMs }) => dueSinceMs !== null));
	readonly sentence = $derived.by(() => {
		if (!this.#tasks) return '';
		if (this.owed.length === 0) return 'Nothing is overdue.';
		const names = this.owed.map(({ title }) => title).join(', ');
		return `${plural(this.owed.length, 'task is due', 'tasks are due')}: ${names}.`;
	});

	constructor(
		private readonly service: ScheduleService,
		private readonly reminderService: ReminderService
	) {
		service.onChanged(() => {
			if (this.#tasks) void this.load();
		});
	}

	get tasks(): readonly TaskView[] | null {
		return this.#tasks;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	get runId(): string | null {
		return this.#runId;
	}

	get reminders(): ReminderState | null {
		return this.#reminders;
	}

	load = async (): Promise<void> => {
		try {
			this.#tasks = await this.service.tasks();
			this.#reminders = await this.reminderService.state();
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	runNow = async (id: string): Promise<void> => {
		if (this.running.isRunning) return;
		this.#runId = id;
		await this.running.run(async (onProgress) => this.service.run(id, onProgress));
		await this.load();
	};

	allowReminders = async (): Promise<void> => {
		try {
			this.#reminders = await this.reminderService.allow();
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	edit = (task: TaskView): void => {
		this.draft = new TaskDraft(task);
	};

	saveDraft = async (): Promise<void> => {
		const { draft } = this;
		if (!draft?.settings) return;
		try {
			await this.service.change(draft.task.id, draft.settings);
			this.draft = null;
			await this.load();
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};
}
