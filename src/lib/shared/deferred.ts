type Asynchronous<T> = { readonly [K in keyof T]: (...args: never[]) => Promise<unknown> };

/** Stands for something that is not there yet: each call waits until `load` has brought it. */
export const deferred = <T extends Asynchronous<T>>(load: () => Promise<T>): T =>
	new Proxy({} as T, {
		get: (_, method) =>
			typeof method !== 'string' || method === 'then'
				? undefined
				: async (...args: never[]) => (await load())[method as keyof T](...args)
	});
