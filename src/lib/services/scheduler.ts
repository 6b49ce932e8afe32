import type { ScheduleStore, StoredTask } from '$lib/device/schedule-store';
import type { OnProgress } from '$lib/domain/progress';
import {
	afterRun,
	dueSince,
	retryAt,
	skipReason,
	slotAfter,
	type Circumstances,
	type SkipReason,
	type TaskRecord,
	type TaskResult,
	type TaskSettings
} from '$lib/domain/schedule';
import { findPlan, taskPlans, type TaskId, type TaskPlan } from '$lib/domain/schedule-tasks';
import { AppError, toAppError, type ErrorCode } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import type { Logger } from '$lib/shared/logger';
import { minuteMs, secondMs, type Clock } from '$lib/shared/time';
import { presentError } from './error-presentation';

export type { SkipReason, TaskId, TaskRecord, TaskSettings };

/** A task as it stands: when it comes round, how the last run went, why it does not run now. */
export interface TaskView {
	readonly id: TaskId;
	readonly title: string;
	readonly does: string;
	readonly settings: TaskSettings;
	readonly record: TaskRecord;
	/** Since when it should have run; null when it is not due. */
	readonly dueSinceMs: number | null;
	/** The next time it comes round; null when it is turned off. */
	readonly nextMs: number | null;
	readonly retryAtMs: number | null;
	/** Why it is due but does not run, or why it never runs. */
	readonly skipped: SkipReason | null;
	readonly running: boolean;
}

export interface TaskOutcome {
	readonly result: TaskResult;
	/** Figures and codes; no text of notes. */
	readonly message: string;
}

export interface TaskRunner {
	run(onProgress: OnProgress): Promise<TaskOutcome>;
	/** A reason of its own to run before its time. */
	wanted?(): Promise<boolean>;
}

export interface ScheduleService {
	tasks(): Promise<readonly TaskView[]>;
	/** Runs it now, due or not; waits for a task that is running. Rejects when it failed. */
	run(id: string, onProgress?: OnProgress): Promise<TaskView>;
	change(id: string, settings: Partial<TaskSettings>): Promise<TaskView>;
	/** Runs what is due and may run, one after the other; resolves to when to look again. */
	tick(): Promise<number>;
	onChanged(listener: () => void): () => void;
}

export interface SchedulerDeps {
	readonly store: ScheduleStore;
	readonly runners: Readonly<Record<TaskId, TaskRunner>>;
	readonly circumstances: () => Promise<Circumstances>;
	/** One task at a time in all tabs. `null` when another tab has the lock and `wait` is false. */
	readonly exclusive: <T>(wait: boolean, work: () => Promise<T>) => Promise<T | null>;
	/** Told after each run, so that what follows from it can be measured anew. */
	readonly ran: (id: TaskId) => void;
	readonly now: Clock;
	readonly log: Logger;
}

/** Looked at again this soon when something is due and only waits for a quiet moment. */
const impatientMs = 15 * secondMs;
/** A sleeping machine loses timers: at most this long without a look. */
const patientMs = 15 * minuteMs;

/** Others are at it, or the notebook went to another tab: no failure of the task. */
const comesBack: readonly ErrorCode[] = ['busy', 'db-closed', 'db-locked', 'cancelled'];

export const createScheduler = (deps: SchedulerDeps): ScheduleService => new Scheduler(deps);

class Scheduler implements ScheduleService {
	readonly #changed = createEmitter<void>();
	readonly onChanged = this.#changed.subscribe;
	#running: TaskId | null = null;

	constructor(private readonly deps: SchedulerDeps) {}

	async tasks(): Promise<readonly TaskView[]> {
		const around = await this.deps.circumstances();
		return Promise.all(taskPlans.map(async (plan) => this.#view(plan, around)));
	}

	async run(id: string, onProgress: OnProgress = () => undefined): Promise<TaskView> {
		const plan = required(id);
		await this.deps.exclusive(true, async () => {
			const failure = await this.#runNow(plan, onProgress);
			if (failure) throw failure;
		});
		return this.#view(plan, await this.deps.circumstances());
	}

	async change(id: string, settings: Partial<TaskSettings>): Promise<TaskView> {
		const plan = required(id);
		await this.deps.store.change(id, settings, this.deps.now());
		this.#changed.emit();
		return this.#view(plan, await this.deps.circumstances());
	}

	async tick(): Promise<number> {
		await this.deps.exclusive(false, async () => {
			for (const plan of taskPlans) {
				const view = await this.#view(plan, await this.deps.circumstances());
				if (view.dueSinceMs === null || view.skipped !== null) continue;
				await this.#runNow(plan, () => undefined);
			}
		});
		return this.#untilNextLook();
	}

	async #untilNextLook(): Promise<number> {
		const views = await this.tasks();
		if (views.some(({ dueSinceMs, skipped }) => dueSinceMs !== null && skipped === 'busy-user')) {
			return impatientMs;
		}
		const nowMs = this.deps.now();
		const waits = views.flatMap(({ nextMs, retryAtMs }) =>
			[nextMs, retryAtMs].flatMap((timeMs) => (timeMs === null ? [] : [timeMs - nowMs + secondMs]))
		);
		return Math.max(secondMs, Math.min(patientMs, ...waits));
	}

	async #view(plan: TaskPlan, around: Circumstances): Promise<TaskView> {
		const nowMs = this.deps.now();
		const { settings, record } = this.#merge(plan, await this.deps.store.read(plan.id, nowMs));
		const dueSinceMs = await this.#dueSince(plan, settings, record);
		const open = around.notebookOpen || !plan.needsNotebook;
		const skipped = skipReason(settings, record, { ...around, notebookOpen: open }, nowMs);
		return {
			...{ id: plan.id, title: plan.title, does: plan.does, settings, record, dueSinceMs },
			nextMs: settings.enabled ? slotAfter(settings.rhythm, nowMs) : null,
			retryAtMs: dueSinceMs === null ? null : retryAt(record, nowMs),
			skipped: dueSinceMs !== null || skipped === 'off' ? skipped : null,
			running: this.#running === plan.id
		};
	}

	async #dueSince(
		plan: TaskPlan,
		{ enabled, rhythm }: TaskSettings,
		record: TaskRecord
	): Promise<number | null> {
		if (!enabled) return null;
		const nowMs = this.deps.now();
		const due = dueSince(rhythm, record, nowMs);
		if (due !== null) return due;
		const wanted = await this.deps.runners[plan.id].wanted?.().catch(() => false);
		return wanted ? nowMs : null;
	}

	#merge(plan: TaskPlan, { settings, record }: StoredTask) {
		return { settings: { ...plan.settings, ...settings }, record };
	}

	/** Runs and writes down how it went; the failure, if it is one that counts, is handed back. */
	async #runNow(plan: TaskPlan, onProgress: OnProgress): Promise<AppError | null> {
		const { store, now, log, runners } = this.deps;
		const startedAtMs = now();
		this.#show(plan.id);
		let failure: AppError | null = null;
		const outcome = await runners[plan.id].run(onProgress).catch((thrown): TaskOutcome => {
			failure = toAppError(thrown);
			return { result: 'failed', message: presentError(thrown).title };
		});
		const durationMs = Math.max(0, now() - startedAtMs);
		const { id } = plan;
		log[outcome.result === 'failed' ? 'warning' : 'info'](`task ${id}`, {
			result: outcome.result,
			message: outcome.message,
			tookMs: durationMs
		});
		if (!isPassing(failure)) {
			const { record } = await store.read(id, now());
			await store.record(id, afterRun(record, { ...outcome, atMs: now(), durationMs }));
		}
		this.#show(null);
		this.deps.ran(id);
		return failure;
	}

	#show(id: TaskId | null): void {
		this.#running = id;
		this.#changed.emit();
	}
}

const isPassing = (failure: AppError | null): boolean =>
	failure !== null && comesBack.includes(failure.code);

const required = (id: string): TaskPlan => {
	const plan = findPlan(id);
	if (plan) return plan;
	const known = taskPlans.map((each) => each.id).join(', ');
	throw new AppError('input-invalid', `There is no task ${id}. There are: ${known}.`);
};
