import type { JobProgress, OnProgress } from '$lib/domain/progress';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import { AppError } from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';

export type { PresentedError };

export type TaskPhase = 'idle' | 'running' | 'done' | 'failed';

/** Fewer items than this are steps, not a stream: a rate would mean nothing. */
const leastForRate = 20;

/**
 * One kind of work that the user can start: what it says while it runs, and how it ended.
 *
 * | phase   | leaves it on                           |
 * | idle    | run -> running                         |
 * | running | the work's end -> done, or failed      |
 * | done    | run -> running; reset -> idle          |
 * | failed  | run -> running; reset -> idle          |
 */
export class MaintenanceTask<Result> {
	#phase = $state<TaskPhase>('idle');
	#progress = $state.raw<JobProgress | null>(null);
	#result = $state.raw<Result | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	/** When the step began that is shown: another one has a pace of its own. */
	#startedAtMs = 0;
	/** What was done before: a download goes on in the middle. */
	#startedAt = 0;
	#elapsedMs = $state(0);
	#stop = new AbortController();
	#isCancelling = $state(false);
	readonly isRunning = $derived(this.#phase === 'running');
	/** `120 a second, 8 s left`, or empty while it cannot be told. */
	readonly pace = $derived.by(() => {
		const { done, total, unit } = this.#progress ?? { done: 0, total: 0 };
		const gained = done - this.#startedAt;
		if (total < leastForRate || gained <= 0 || this.#elapsedMs < 1_000) return '';
		return describePace(gained / (this.#elapsedMs / 1_000), total - done, unit);
	});

	get phase(): TaskPhase {
		return this.#phase;
	}

	get progress(): JobProgress | null {
		return this.#progress;
	}

	get result(): Result | null {
		return this.#result;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	/** The user wants it to end, and it has not come to a place where it can. */
	get isCancelling(): boolean {
		return this.#isCancelling;
	}

	/** Runs the work unless it runs already. Never rejects; null when it failed. */
	async run(
		work: (onProgress: OnProgress, signal: AbortSignal) => Promise<Result>
	): Promise<Result | null> {
		if (this.isRunning) return null;
		this.#begin();
		try {
			this.#result = await work((progress) => this.#show(progress), this.#stop.signal);
			this.#phase = 'done';
			return this.#result;
		} catch (thrown) {
			this.#fail(presentError(thrown));
			return null;
		}
	}

	/** Only ends work that heeds its signal: at the next place where nothing is half done. */
	cancel = (): void => {
		if (!this.isRunning) return;
		this.#isCancelling = true;
		this.#stop.abort(new AppError('cancelled', 'You ended it.'));
	};

	reset = (): void => {
		if (this.isRunning) return;
		this.#phase = 'idle';
		this.#result = null;
		this.#error = null;
		this.#progress = null;
	};

	#begin(): void {
		this.#phase = 'running';
		this.#stop = new AbortController();
		this.#isCancelling = false;
		this.#progress = null;
		this.#result = null;
		this.#error = null;
		this.#startedAtMs = performance.now();
		this.#startedAt = 0;
		this.#elapsedMs = 0;
	}

	#show(progress: JobProgress): void {
		if (progress.unit === 'bytes' && this.#progress === null) this.#startedAt = progress.done;
		if (this.#progress && this.#progress.step !== progress.step) {
			this.#startedAtMs = performance.now();
			this.#startedAt = progress.done;
		}
		this.#progress = progress;
		this.#elapsedMs = performance.now() - this.#startedAtMs;
	}

	/** What the user cancelled is no failure. */
	#fail(error: PresentedError): void {
		this.#phase = error.severity === 'silent' ? 'idle' : 'failed';
		this.#error = error.severity === 'silent' ? null : error;
	}
}

/** `12 a second, 40 s left` */
export const describePace = (
	perSecond: number,
	left: number,
	unit?: JobProgress['unit']
): string => {
	if (perSecond <= 0) return '';
	const seconds = Math.ceil(left / perSecond);
	const time = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
	if (unit === 'bytes') return `${formatBytes(perSecond)} a second, ${time} left`;
	const rate = perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString('en');
	return `${rate} a second, ${time} left`;
};
