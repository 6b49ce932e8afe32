import type { Rhythm, SkipReason, TaskResult } from './schedule';

export const weekdays = [
	'Sunday',
	'Monday',
	'Tuesday',
	'Wednesday',
	'Thursday',
	'Friday',
	'Saturday'
] as const;

const two = (value: number): string => String(value).padStart(2, '0');

/** `02:00` */
export const describeTime = ({ hour, minute }: Rhythm): string => `${two(hour)}:${two(minute)}`;

/** `daily at 02:00`, `Mondays at 09:00`, `on day 1 of each month at 04:30` */
export const describeRhythm = (rhythm: Rhythm): string => {
	const time = describeTime(rhythm);
	switch (rhythm.every) {
		case 'day':
			return `daily at ${time}`;
		case 'week':
			return `${weekdays[rhythm.weekday]}s at ${time}`;
		case 'month':
			return `on day ${rhythm.day} of each month${orLast(rhythm.day)} at ${time}`;
	}
};

/** Not every month has so many days. */
const orLast = (day: number): string => (day > 28 ? ', or its last day,' : '');

export const skipWords: Readonly<Record<SkipReason, string>> = {
	off: 'turned off',
	'not-open': 'the notebook is not open in this tab',
	'busy-user': 'waits until you pause',
	'on-battery': 'waits for the charger',
	'waits-to-retry': 'the last try failed; it is tried again later'
};

export const resultWords: Readonly<Record<TaskResult, string>> = {
	ok: 'done',
	failed: 'failed',
	'nothing-to-do': 'nothing to do'
};
