/** Posted by a worker once it holds its liveness lock. Comlink ignores it: it has no id. */
export const aliveMessage = 'ai-notes-alive';

/**
 * Worker side: takes the lock named like the worker (`new Worker(url, {name})`) for life, so that
 * the page learns of its death by being granted the same lock. A terminated worker never answers
 * pending calls, and no event tells of it.
 */
export const announceLife = (scope: {
	name: string;
	postMessage(message: unknown): void;
}): void => {
	void navigator.locks.request(scope.name, () => {
		scope.postMessage(aliveMessage);
		return new Promise<never>(() => undefined);
	});
};

/** Page side: resolves when the worker of that name has ended. Call after its `aliveMessage`. */
export const waitForDeath = async (name: string, signal: AbortSignal): Promise<void> => {
	await navigator.locks.request(name, { signal }, () => undefined);
};
