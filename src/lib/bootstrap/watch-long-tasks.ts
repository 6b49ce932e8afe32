import type { Logger } from '$lib/shared/logger';
import { minuteMs } from '$lib/shared/time';

/** Shorter ones are not felt. */
const feltMs = 200;

/** Stretches in which the page could not answer: one line a minute, with their number and length. */
export const watchLongTasks = (log: Logger): void => {
	if (!PerformanceObserver.supportedEntryTypes.includes('longtask')) return;
	let durations: number[] = [];
	const report = (): void => {
		log.info('the page was busy', {
			times: durations.length,
			longestMs: Math.round(Math.max(...durations)),
			togetherMs: Math.round(durations.reduce((sum, ms) => sum + ms, 0))
		});
		durations = [];
	};
	new PerformanceObserver((list) => {
		for (const { duration } of list.getEntries()) {
			if (duration < feltMs) continue;
			if (durations.length === 0) setTimeout(report, minuteMs);
			durations.push(duration);
		}
	}).observe({ type: 'longtask', buffered: true });
};
