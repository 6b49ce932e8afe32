import { AppError } from '$lib/shared/app-error';
import { toHex } from '$lib/shared/bytes';
import { parseManifest, type ModelFile, type ModelManifest } from './model-manifest';

export interface ModelFiles {
	readonly manifest: ModelManifest;
	/** By path below the model's folder. */
	readonly contents: ReadonlyMap<string, ArrayBuffer>;
}

export interface CacheStatus {
	readonly bytes: number;
	readonly cachedBytes: number;
	readonly complete: boolean;
}

export interface ModelCache {
	/**
	 * All files of a model, each with the size and hash that `files.json` says: from the cache, else
	 * from the app's own origin. Nothing unchecked is kept or returned. Rejects with `model-missing`
	 * when a file cannot be had, with `model-invalid` when it is not the right one.
	 */
	load(baseUrl: string, modelId: string): Promise<ModelFiles>;
	/** Null when neither the cache nor the origin knows the model. */
	status(baseUrl: string, modelId: string): Promise<CacheStatus | null>;
	/** Bytes freed. Null clears all models. */
	clear(modelId: string | null): Promise<number>;
}

export interface ModelCacheDeps {
	readonly fetch: (url: string) => Promise<Response>;
	readonly openCache: () => Promise<Cache>;
	/** Names this build of the app: another build asks for `files.json` anew. */
	readonly build: string;
}

const cacheName = 'ai-notes-models';

export const openModelCache = async (): Promise<Cache> => caches.open(cacheName);

export const createModelCache = ({ fetch, openCache, build }: ModelCacheDeps): ModelCache => {
	const manifestUrl = (baseUrl: string, id: string): string =>
		`${folderUrl(baseUrl, id)}files.json?build=${encodeURIComponent(build)}`;

	const fetchManifest = async (baseUrl: string, id: string): Promise<ModelManifest> => {
		const cache = await openCache();
		const text = await (await request(fetch, `${folderUrl(baseUrl, id)}files.json`)).text();
		const manifest = parseManifest(text, id);
		await keep(cache, manifestUrl(baseUrl, id), new TextEncoder().encode(text));
		return manifest;
	};

	/** Of this build, so that a start needs no network; with `orOlder` of any build. */
	const cachedManifest = async (
		baseUrl: string,
		id: string,
		orOlder: boolean
	): Promise<ModelManifest | null> => {
		const cache = await openCache();
		const url = manifestUrl(baseUrl, id);
		const found = await cache.match(url, { ignoreSearch: orOlder });
		return found ? parseManifest(await found.text(), id) : null;
	};

	const newestManifest = async (baseUrl: string, id: string): Promise<ModelManifest> => {
		try {
			return await fetchManifest(baseUrl, id);
		} catch (error) {
			const older = await cachedManifest(baseUrl, id, true);
			if (!older) throw error;
			return older;
		}
	};

	const loadFiles = async (baseUrl: string, manifest: ModelManifest): Promise<ModelFiles> => {
		const cache = await openCache();
		const contents = new Map<string, ArrayBuffer>();
		for (const file of manifest.files) {
			const url = `${folderUrl(baseUrl, manifest.id)}${file.path}`;
			contents.set(file.path, await loadFile(cache, fetch, url, file));
		}
		return { manifest, contents };
	};

	return {
		async load(baseUrl, id) {
			const known = await cachedManifest(baseUrl, id, false).catch(() => null);
			if (!known) return loadFiles(baseUrl, await newestManifest(baseUrl, id));
			try {
				return await loadFiles(baseUrl, known);
			} catch {
				// The host may have newer files than the list we remember.
				return await loadFiles(baseUrl, await newestManifest(baseUrl, id));
			}
		},
		async status(baseUrl, id) {
			const known = await cachedManifest(baseUrl, id, true).catch(() => null);
			const manifest = known ?? (await newestManifest(baseUrl, id).catch(() => null));
			return manifest && statusOf(await openCache(), baseUrl, manifest);
		},
		async clear(id) {
			const cache = await openCache();
			let freed = 0;
			for (const key of await cache.keys()) {
				if (id !== null && !key.url.includes(`/models/${id}/`)) continue;
				freed += await sizeOf(cache, key.url);
				await cache.delete(key);
			}
			return freed;
		}
	};
};

const folderUrl = (baseUrl: string, id: string): string => `${baseUrl}models/${id}/`;

// The hash is part of the key: files of two releases never stand for each other.
const keyOf = (url: string, { sha256 }: ModelFile): string => `${url}?sha256=${sha256}`;

const loadFile = async (
	cache: Cache,
	fetch: ModelCacheDeps['fetch'],
	url: string,
	file: ModelFile
): Promise<ArrayBuffer> => {
	const key = keyOf(url, file);
	const kept = await (await cache.match(key))?.arrayBuffer();
	if (kept && (await findFault(kept, file)) === null) return kept;
	if (kept) await cache.delete(key);
	const bytes = await (await request(fetch, url)).arrayBuffer();
	const fault = await findFault(bytes, file);
	if (fault) throw new AppError('model-invalid', `${file.path}: ${fault}`, { file: file.path });
	await keep(cache, key, bytes);
	return bytes;
};

const findFault = async (bytes: ArrayBuffer, file: ModelFile): Promise<string | null> => {
	if (bytes.byteLength !== file.bytes) {
		return `${bytes.byteLength} bytes where ${file.bytes} were expected`;
	}
	const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
	return hash === file.sha256 ? null : 'the contents do not have the expected SHA-256';
};

const request = async (fetch: ModelCacheDeps['fetch'], url: string): Promise<Response> => {
	const file = new URL(url).pathname;
	const response = await fetch(url).catch((cause: unknown) => {
		throw new AppError('model-missing', `${file} could not be fetched.`, { file }, { cause });
	});
	if (response.status !== 200) {
		const { status } = response;
		throw new AppError('model-missing', `${file}: status ${status}.`, { file, status });
	}
	if (response.headers.get('content-type')?.startsWith('text/html')) {
		throw new AppError('model-invalid', `${file}: a web page came instead of the file.`, { file });
	}
	return response;
};

/** A full disk costs the next start its cache, not this one its model. */
const keep = async (cache: Cache, key: string, bytes: BodyInit): Promise<void> => {
	try {
		await cache.put(key, new Response(bytes));
	} catch {
		await cache.delete(key).catch(() => false);
	}
};

const sizeOf = async (cache: Cache, key: string): Promise<number> =>
	(await (await cache.match(key))?.blob())?.size ?? 0;

const statusOf = async (
	cache: Cache,
	baseUrl: string,
	manifest: ModelManifest
): Promise<CacheStatus> => {
	let cachedBytes = 0;
	let complete = true;
	for (const file of manifest.files) {
		const key = keyOf(`${folderUrl(baseUrl, manifest.id)}${file.path}`, file);
		const kept = await (await cache.match(key))?.arrayBuffer();
		cachedBytes += kept?.byteLength ?? 0;
		complete &&= kept !== undefined && (await findFault(kept, file)) === null;
	}
	const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
	return { bytes, cachedBytes, complete };
};
