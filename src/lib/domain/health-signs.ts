import { plural } from '$lib/shared/number-format';
import type { BackupList } from './backup';
import { judge, type CheckSpec, type Finding, type HealthCheck, type Reading } from './health';
import type { TaskResult } from './schedule';
import type { TaskId } from './schedule-tasks';

const kept: CheckSpec = {
	id: 'backups-sound',
	title: 'Backups that are kept',
	threshold: 'every one passed when it was last read back'
};

/** A backup that did not pass is worse than none: somebody may count on it. */
export const checkKeptBackups = (reading: Reading<BackupList>): HealthCheck =>
	judge(kept, reading, ({ backups }): Finding => {
		const bad = backups.filter(({ verified }) => !verified);
		const [first] = bad;
		if (!first) {
			const value =
				backups.length === 0 ? 'none yet' : `${plural(backups.length, 'backup')} passed`;
			return { status: 'ok', value, message: 'Each was read back and compared when it was made.' };
		}
		return {
			status: 'warning',
			value: `${bad.length} of ${plural(backups.length, 'backup')} did not pass`,
			message: `${first.name}: ${first.findings[0] ?? 'it was not read back yet.'} Do not count on it; make a new one.`,
			fix: 'review-backups'
		};
	});

const errors: CheckSpec = {
	id: 'recent-errors',
	title: 'Errors in the log',
	threshold: 'fewer than 20 in 24 hours'
};

const manyErrors = 20;

export const checkErrors = (last24h: Reading<number>): HealthCheck =>
	judge(errors, last24h, (count): Finding =>
		count < manyErrors
			? { status: 'ok', value: `${count} in 24 hours`, message: 'Nothing fails again and again.' }
			: {
					status: 'warning',
					value: `${count.toLocaleString('en')} in 24 hours`,
					message: 'Something fails again and again. The log says what.',
					fix: 'read-errors'
				}
	);

const schedule: CheckSpec = {
	id: 'schedule',
	title: 'Upkeep by itself',
	threshold: 'backups are on, and no task fails three times in a row'
};

/** What is remembered of a task of the schedule. */
export interface TaskFacts {
	readonly id: TaskId;
	readonly title: string;
	readonly enabled: boolean;
	/** In a row. */
	readonly failures: number;
	readonly lastTryMs: number | null;
	readonly lastResult: TaskResult | null;
}

const manyFailures = 3;

export const checkSchedule = (reading: Reading<readonly TaskFacts[]>): HealthCheck =>
	judge(schedule, reading, (tasks): Finding => {
		const failing = tasks.filter(({ failures, enabled }) => enabled && failures >= manyFailures);
		const backupsOff = tasks.some(({ id, enabled }) => id === 'backup' && !enabled);
		if (failing.length > 0) {
			const titles = failing.map(({ title }) => title).join(', ');
			return {
				status: 'warning',
				value: `${titles}: failing`,
				message: 'The page of the schedule says why and when it is tried again.',
				fix: 'review-schedule'
			};
		}
		if (backupsOff) {
			return {
				status: 'warning',
				value: 'backups are off',
				message: 'Nothing is backed up unless you do it by hand.',
				fix: 'review-schedule'
			};
		}
		const on = tasks.filter(({ enabled }) => enabled).length;
		return {
			status: 'ok',
			value: `${plural(on, 'task')} on`,
			message: 'It runs while the app is open and catches up once after a pause.'
		};
	});
