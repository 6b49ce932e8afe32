/** Many requests in a short time become one run, never more often than the interval. */
export interface Coalescer {
	request(): void;
	stop(): void;
}

export const createCoalescer = (run: () => void, intervalMs: number): Coalescer => {
	let timer: ReturnType<typeof setTimeout> | null = null;
	let lastRunAt = -Infinity;
	const fire = (): void => {
		timer = null;
		lastRunAt = performance.now();
		run();
	};
	return {
		request() {
			const waitMs = Math.max(0, lastRunAt + intervalMs - performance.now());
			timer ??= setTimeout(fire, waitMs);
		},
		stop() {
			if (timer !== null) clearTimeout(timer);
			timer = null;
		}
	};
};
