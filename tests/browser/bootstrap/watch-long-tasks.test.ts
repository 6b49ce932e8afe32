import { watchLongTasks } from '$lib/bootstrap/watch-long-tasks';
import { createLogger, type LogEntry } from '$lib/shared/logger';
import { expect, test, vi } from 'vitest';

/** Keeps the page from answering, as a long loop of ours would. */
const beBusy = async (ms: number): Promise<void> =>
	new Promise((resolve) => {
		setTimeout(() => {
			const until = performance.now() + ms;
			while (performance.now() < until);
			resolve();
		});
	});

test('a page that did not answer for a while says so in the log, at the latest when it goes', async () => {
	const lines: LogEntry[] = [];
	watchLongTasks(createLogger('page', (entry) => void lines.push(entry), Date.now));
	const seen = vi.fn();
	new PerformanceObserver(seen).observe({ type: 'longtask' });
	await beBusy(250);
	await vi.waitFor(() => expect(seen).toHaveBeenCalled());
	window.dispatchEvent(new Event('pagehide'));
	expect(lines).toMatchObject([{ level: 'info', message: 'the page was busy' }]);
	expect(lines[0]?.details?.times).toBeGreaterThanOrEqual(1);
	expect(lines[0]?.details?.longestMs).toBeGreaterThanOrEqual(200);
	// Told once.
	window.dispatchEvent(new Event('pagehide'));
	expect(lines).toHaveLength(1);
});
