/** Keeps a long loop polite: no stretch of work on this thread is longer than the budget. */
export interface TimeSlice {
	/** Resolves at once while the slice lasts; else after the thread has served others. */
	breathe(): Promise<void>;
}

export const createTimeSlice = (
	budgetMs = 12,
	now: () => number = () => performance.now()
): TimeSlice => {
	let startedMs = now();
	return {
		async breathe() {
			if (now() - startedMs < budgetMs) return;
			await yieldToOthers();
			startedMs = now();
		}
	};
};

/** A message to ourselves: unlike a timer it is not slowed down in a hidden tab. */
const yieldToOthers = (): Promise<void> =>
	new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(null);
	});
