/** Gives the thread back now and then during long work, so that other calls are answered. */
export type Breathe = () => Promise<void>;

const longestStretchMs = 25;

export const createPacer = (now: () => number = () => performance.now()): Breathe => {
	let startedAt = now();
	return async () => {
		if (now() - startedAt < longestStretchMs) return;
		await nextTurn();
		startedAt = now();
	};
};

/** After the messages that wait already. A timer would do, but browsers hold each one back for 4 ms. */
const nextTurn = async (): Promise<void> =>
	new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(null);
	});
