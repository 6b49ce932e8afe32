/** Gives the thread back now and then during long work, so that other calls are answered. */
export type Breathe = () => Promise<void>;

const longestStretchMs = 25;

export const createPacer = (now: () => number = () => performance.now()): Breathe => {
	let startedAt = now();
	return async () => {
		if (now() - startedAt < longestStretchMs) return;
		await new Promise((resolve) => setTimeout(resolve, 0));
		startedAt = now();
	};
};
