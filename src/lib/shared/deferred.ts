type Asynchronous<T> = { readonly [K in keyof T]: (...args: never[]) => Promise<unknown> };

/** Stands for something that is not there yet: each call waits until `load` has brought it. */
export const deferred = <T extends Asynchronous<T>>(load: () => Promise<T>): T =>
	new Proxy({} as T, {
		get: (_, method) =>
			typeof method !== 'string' || method === 'then'
				? undefined
				: async (...args: never[]) => (await load())[method as keyof T](...args)
	});

/** Loads once, and again with the next call where that failed. */
export const loadOnce = <T>(load: () => Promise<T>): (() => Promise<T>) => {
	let loading: Promise<T> | null = null;
	return async () => {
		try {
			return await (loading ??= load());
		} catch (thrown) {
			loading = null; // the next call may find the network again
			throw thrown;
		}
	};
};

/** Its code comes with the first call: the first page does not wait for it. */
export const lazy = <T extends Asynchronous<T>>(load: () => Promise<T>): T =>
	deferred(loadOnce(load));
