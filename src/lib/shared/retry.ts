/** Repeats `work` while `isPassing` says that its failure will pass, waiting a little longer each time. */
export const retry = async <T>(
	work: () => Promise<T>,
	isPassing: (thrown: unknown) => boolean,
	limitMs: number
): Promise<T> => {
	let waitedMs = 0;
	for (let delayMs = 20; ; delayMs = Math.min(delayMs * 2, 500)) {
		try {
			return await work();
		} catch (thrown) {
			if (!isPassing(thrown) || waitedMs >= limitMs) throw thrown;
			await new Promise((resolve) => setTimeout(resolve, delayMs));
			waitedMs += delayMs;
		}
	}
};
