import { dayMs, hourMs, minuteMs } from '$lib/shared/time';

/** When a task comes round, by the user's clock. `weekday` 0 is Sunday; `day` 31 is the last day of a shorter month. */
export type Rhythm =
	| { readonly every: 'day'; readonly hour: number; readonly minute: number }
	| {
			readonly every: 'week';
			readonly weekday: number;
			readonly hour: number;
			readonly minute: number;
	  }
	| {
			readonly every: 'month';
			readonly day: number;
			readonly hour: number;
			readonly minute: number;
	  };

/** What the user may change of a task. */
export interface TaskSettings {
	readonly enabled: boolean;
	readonly rhythm: Rhythm;
	/** Waits until nobody types. */
	readonly onlyIdle: boolean;
	/** Waits for the charger, where the browser tells. */
	readonly onlyOnPower: boolean;
}

export type TaskResult = 'ok' | 'failed' | 'nothing-to-do';

/** What is remembered of a task's runs. Null: never. */
export interface TaskRecord {
	/** Since when the task is looked after: nothing was missed before. */
	readonly sinceMs: number;
	/** The last run that did its work, or found nothing to do. */
	readonly lastOkMs: number | null;
	readonly lastTryMs: number | null;
	readonly lastResult: TaskResult | null;
	/** What the last run said: figures and codes, no text of notes. */
	readonly lastMessage: string | null;
	readonly lastDurationMs: number | null;
	/** Failures in a row. */
	readonly failures: number;
}

/** The device as far as a task minds. */
export interface Circumstances {
	readonly notebookOpen: boolean;
	readonly idle: boolean;
	/** Null where the browser does not tell. */
	readonly onPower: boolean | null;
}

export type SkipReason = 'off' | 'not-open' | 'busy-user' | 'on-battery' | 'waits-to-retry';

/** The slot of this rhythm that is not after now, for weeks and months the newest one. */
export const slotBefore = (rhythm: Rhythm, nowMs: number): number => {
	for (let back = 0; ; back += 1) {
		const slot = slotAt(rhythm, nowMs, -back);
		if (slot <= nowMs) return slot;
	}
};

/** The first slot after now. */
export const slotAfter = (rhythm: Rhythm, nowMs: number): number => {
	for (let ahead = 0; ; ahead += 1) {
		const slot = slotAt(rhythm, nowMs, ahead);
		if (slot > nowMs) return slot;
	}
};

/**
 * The slot in the day, week or month of now, moved by so many of them. Made from the calendar, not by
 * adding hours: an hour that a change of summer time skips comes an hour later, one that comes twice
 * counts once.
 */
const slotAt = (rhythm: Rhythm, nowMs: number, move: number): number => {
	const now = new Date(nowMs);
	const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
	const at = (m: number, d: number): number =>
		new Date(year, m, d, rhythm.hour, rhythm.minute).getTime();
	switch (rhythm.every) {
		case 'day':
			return at(month, day + move);
		case 'week':
			return at(month, day - now.getDay() + rhythm.weekday + 7 * move);
		case 'month':
			return at(month + move, Math.min(rhythm.day, lastDayOf(year, month + move)));
	}
};

const lastDayOf = (year: number, month: number): number => new Date(year, month + 1, 0).getDate();

/** Further ahead than this, a stored time comes from a clock that was wrong. */
const clockToleranceMs = dayMs;

const trusted = (timeMs: number | null, nowMs: number): number | null =>
	timeMs === null || timeMs > nowMs + clockToleranceMs ? null : timeMs;

/** The moment since which the task should have run, or null when it is not due. */
export const dueSince = (rhythm: Rhythm, record: TaskRecord, nowMs: number): number | null => {
	const slot = slotBefore(rhythm, nowMs);
	const coveredMs = trusted(record.lastOkMs ?? record.sinceMs, nowMs);
	return coveredMs === null || slot > coveredMs ? slot : null;
};

const retryAfterMs = [15 * minuteMs, hourMs, 4 * hourMs] as const;

/** When a failed task may be tried again; null when nothing holds it back. */
export const retryAt = (record: TaskRecord, nowMs: number): number | null => {
	const triedMs = trusted(record.lastTryMs, nowMs);
	if (record.failures === 0 || triedMs === null) return null;
	const wait = retryAfterMs[Math.min(record.failures, retryAfterMs.length) - 1] ?? hourMs;
	return triedMs + wait > nowMs ? triedMs + wait : null;
};

/** Why a due task does not run right now; null when it may. */
export const skipReason = (
	settings: TaskSettings,
	record: TaskRecord,
	{ notebookOpen, idle, onPower }: Circumstances,
	nowMs: number
): SkipReason | null => {
	if (!settings.enabled) return 'off';
	if (!notebookOpen) return 'not-open';
	if (retryAt(record, nowMs) !== null) return 'waits-to-retry';
	if (settings.onlyIdle && !idle) return 'busy-user';
	if (settings.onlyOnPower && onPower === false) return 'on-battery';
	return null;
};

/** After a run. A failure leaves the task due; what it found to do or not is written down. */
export const afterRun = (
	record: TaskRecord,
	run: {
		readonly atMs: number;
		readonly result: TaskResult;
		readonly message: string;
		readonly durationMs: number;
	}
): TaskRecord => ({
	...record,
	lastTryMs: run.atMs,
	lastOkMs: run.result === 'failed' ? record.lastOkMs : run.atMs,
	lastResult: run.result,
	lastMessage: run.message,
	lastDurationMs: run.durationMs,
	failures: run.result === 'failed' ? record.failures + 1 : 0
});
