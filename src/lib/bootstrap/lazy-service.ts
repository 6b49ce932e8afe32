/** A service whose every member is a call that answers later. */
export type LateService<Service> = {
	readonly [Name in keyof Service]: (...args: never[]) => Promise<unknown>;
};

type Call = (...args: readonly unknown[]) => Promise<unknown>;

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
export const lazyService = <Service extends LateService<Service>>(
	load: () => Promise<Service>
): Service => {
	const loaded = loadOnce(load);
	return new Proxy({} as Service & object, {
		get: (_, name) => {
			// A promise resolved with this object must not mistake it for a thenable.
			if (typeof name !== 'string' || name === 'then') return undefined;
			return async (...args: readonly unknown[]) => {
				const calls = (await loaded()) as unknown as Readonly<Record<string, Call>>;
				return calls[name]?.(...args);
			};
		}
	});
};
