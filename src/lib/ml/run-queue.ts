/** One run at a time on the model. What a person waits for goes before what waits for nobody. */
export interface RunQueue {
	urgent<T>(run: () => Promise<T>): Promise<T>;
	background<T>(run: () => Promise<T>): Promise<T>;
}

/**
 * A run blocks the thread, so a query that came meanwhile is known only after its message was
 * delivered: `letMessagesIn` gives way once before each background run.
 */
export const createRunQueue = (letMessagesIn: () => Promise<void>): RunQueue => {
	const urgent: (() => Promise<void>)[] = [];
	const background: (() => Promise<void>)[] = [];
	let working = false;

	const work = async (): Promise<void> => {
		if (working) return;
		working = true;
		while (urgent.length > 0 || background.length > 0) {
			if (urgent.length === 0) await letMessagesIn();
			await (urgent.shift() ?? background.shift())?.();
		}
		working = false;
	};

	const add = async <T>(queue: (() => Promise<void>)[], run: () => Promise<T>): Promise<T> =>
		new Promise((resolve, reject) => {
			queue.push(async () => run().then(resolve, reject));
			void work();
		});

	return {
		urgent: async (run) => add(urgent, run),
		background: async (run) => add(background, run)
	};
};

/** Resolves in a new task, after messages that are waiting. A timer would cost 4 ms each time. */
export const letMessagesIn = async (): Promise<void> =>
	new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(null);
	});
