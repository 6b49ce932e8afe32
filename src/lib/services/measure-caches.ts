import { modelPartsFolder } from '$lib/domain/model-files';

export interface CacheBytes {
	/** The models and the engine that runs them. */
	readonly models: number;
	/** The app's own files. */
	readonly app: number;
}

const ofModels = /^ai-notes-(models|engine)/;

/** Bytes that this app keeps in the browser's caches. Zero where there is no Cache Storage. */
export const measureCaches = async (storage: CacheStorage | undefined): Promise<CacheBytes> => {
	const sum = { models: 0, app: 0 };
	for (const name of (await storage?.keys()) ?? []) {
		const cache = await storage?.open(name);
		if (cache) sum[ofModels.test(name) ? 'models' : 'app'] += await sizeOf(cache);
	}
	return sum;
};

/** The same with what unfinished downloads of models left. */
export const measureKept = async (
	caches: CacheStorage | undefined,
	storage: Pick<StorageManager, 'getDirectory'> | undefined
): Promise<CacheBytes> => {
	const { models, app } = await measureCaches(caches);
	return { models: models + (await measureModelParts(storage)), app };
};

/** Beginnings of models that were not downloaded to their end. Zero where there are none; rejects when not measured. */
const measureModelParts = async (
	storage: Pick<StorageManager, 'getDirectory'> | undefined
): Promise<number> => {
	try {
		const root = await storage?.getDirectory();
		const folder = await root?.getDirectoryHandle(modelPartsFolder);
		let bytes = 0;
		for await (const handle of folder?.values() ?? []) {
			if (handle.kind === 'file') bytes += (await handle.getFile()).size;
		}
		return bytes;
	} catch (thrown) {
		// No folder, no beginnings. What could not be measured is not nothing.
		if (thrown instanceof Error && thrown.name === 'NotFoundError') return 0;
		throw thrown;
	}
};

const sizeOf = async (cache: Cache): Promise<number> => {
	let bytes = 0;
	for (const request of await cache.keys()) {
		const response = await cache.match(request);
		const declared = response?.headers.get('content-encoding')
			? null // the length is that of the compressed transfer
			: response?.headers.get('content-length');
		bytes += declared ? Number(declared) : ((await response?.blob())?.size ?? 0);
	}
	return bytes;
};
