import { dayMs, hourMs, minuteMs } from './time';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const sameYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const otherYear = new Intl.DateTimeFormat('en-GB', {
	day: 'numeric',
	month: 'short',
	year: 'numeric'
});
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

const formatDay = (timeMs: number, nowMs: number): string => {
	const thisYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear();
	return (thisYear ? sameYear : otherYear).format(timeMs);
};

/** `just now`, `5 minutes ago`, `yesterday`, `3 days ago`, and a date from two weeks on. */
export const formatRelative = (timeMs: number, nowMs: number): string => {
	const past = nowMs - timeMs;
	const distance = Math.abs(past);
	const sign = past < 0 ? 1 : -1;
	if (distance < minuteMs) return 'just now';
	if (distance < hourMs) return relative.format(sign * Math.floor(distance / minuteMs), 'minute');
	if (distance < dayMs) return relative.format(sign * Math.floor(distance / hourMs), 'hour');
	if (distance < 14 * dayMs) return relative.format(sign * Math.floor(distance / dayMs), 'day');
	return formatDay(timeMs, nowMs);
};

/** For rows of a list: `now`, `5 min`, `3 h`, `2 d`, and a date from a week on. */
export const formatShort = (timeMs: number, nowMs: number): string => {
	const past = nowMs - timeMs;
	if (Math.abs(past) < minuteMs) return 'now';
	if (past < 0 || past >= 7 * dayMs) return formatDay(timeMs, nowMs);
	if (past < hourMs) return `${Math.floor(past / minuteMs)} min`;
	if (past < dayMs) return `${Math.floor(past / hourMs)} h`;
	return `${Math.floor(past / dayMs)} d`;
};

/** `14 Nov, 10:02`, with the year when it is another one. */
export const formatExact = (timeMs: number, nowMs: number): string =>
	`${formatDay(timeMs, nowMs)}, ${clock.format(timeMs)}`;

/** `14 Nov, 10:02 (3 days ago)`. */
export const formatFull = (timeMs: number, nowMs: number): string => {
	const exact = formatExact(timeMs, nowMs);
	const ago = formatRelative(timeMs, nowMs);
	return exact.startsWith(ago) ? exact : `${exact} (${ago})`;
};
