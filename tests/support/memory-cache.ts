/** As much of a browser's cache as the model store uses: what is put comes back byte for byte. */
export const createMemoryCache = (): Cache => {
	const kept = new Map<string, Blob>();
	const bare = (url: string): string => url.split('?')[0] ?? url;
	const urlOf = (key: RequestInfo | URL): string =>
		typeof key === 'string' ? key : key instanceof URL ? key.href : key.url;
	const named = (key: RequestInfo | URL, ignoreSearch = false): string[] =>
		[...kept.keys()].filter((url) =>
			ignoreSearch ? bare(url) === bare(urlOf(key)) : url === urlOf(key)
		);
	const cache = {
		match: async (key: RequestInfo | URL, options?: CacheQueryOptions) => {
			const found = kept.get(named(key, options?.ignoreSearch)[0] ?? '');
			return Promise.resolve(found && new Response(found));
		},
		put: async (key: RequestInfo | URL, response: Response) =>
			void kept.set(urlOf(key), await response.blob()),
		delete: async (key: RequestInfo | URL, options?: CacheQueryOptions) => {
			const names = named(key, options?.ignoreSearch);
			for (const name of names) kept.delete(name);
			return Promise.resolve(names.length > 0);
		},
		keys: async (key?: RequestInfo | URL, options?: CacheQueryOptions) =>
			Promise.resolve(
				(key === undefined ? [...kept.keys()] : named(key, options?.ignoreSearch)).map(
					(url) => new Request(url)
				)
			)
	};
	return cache as unknown as Cache;
};
