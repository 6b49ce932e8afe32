/** Lets callers wait while something must not be disturbed. */
export interface Gate {
	whenOpen(): Promise<void>;
	/** Shuts at once, runs the work, opens again however it ended. */
	whileShut<T>(work: () => Promise<T>): Promise<T>;
}

export const createGate = (): Gate => {
	let passing: Promise<void> = Promise.resolve();
	return {
		whenOpen: () => passing,
		async whileShut(work) {
			let open: () => void = () => undefined;
			passing = new Promise((resolve) => {
				open = resolve;
			});
			try {
				return await work();
			} finally {
				open();
			}
		}
	};
};
