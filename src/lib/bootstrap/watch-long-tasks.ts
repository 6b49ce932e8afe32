import type { Logger } from '$lib/shared/logger';
import { minuteMs } from '$lib/shared/time';

/** Shorter ones are not felt. */
const feltMs = 200;

/** Stretches in which the page could not answer: one line a minute, and one when the page goes, with their number and length. */
export const watchLongTasks = (log: Logger): void => {
	if (!PerformanceObserver.supportedEntryTypes.includes('longtask')) return;
	let durations: number[] = [];
	let timer: ReturnType<typeof setTimeout> | undefined;
	const report = (): void => {
		clearTimeout(timer);
		timer = undefined;
		if (durations.length === 0) return;
		log.info('the page was busy', {
			times: durations.length,
			longestMs: Math.round(Math.max(...durations)),
			togetherMs: Math.round(durations.reduce((sum, ms) => sum + ms, 0))
		});
		durations = [];
	};
	const take = (entries: PerformanceEntryList): void => {
		durations.push(...entries.map(({ duration }) => duration).filter((ms) => ms >= feltMs));
		if (durations.length > 0) timer ??= setTimeout(report, minuteMs);
	};
	const observer = new PerformanceObserver((list) => take(list.getEntries()));
	observer.observe({ type: 'longtask', buffered: true });
	window.addEventListener('pagehide', () => {
		take(observer.takeRecords());
		report();
	});
};
